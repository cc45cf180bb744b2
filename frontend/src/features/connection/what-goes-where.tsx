import { Paper, Table, Text, Title } from '@mantine/core';

const MAP = [
  ['Customers, suppliers and contractors', 'to Xero', 'Contacts'],
  ['Approved customer invoices', 'to Xero', 'Invoices'],
  ['Approved supplier invoices', 'to Xero', 'Bills, awaiting payment'],
  ['Accounting codes', 'from Xero', 'Chart of accounts'],
  ['Cost centres', 'from Xero', 'Options of one tracking category'],
  ['Items', 'from Xero', 'Products and services'],
] as const;

export function WhatGoesWhere() {
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="what-goes-where">
      <Title order={2} fz={17} id="what-goes-where">
        What goes where
      </Title>
      <Text fz="sm" c="dimmed" mt={4} mb="sm">
        We never send payments or purchase orders. An invoice goes only when somebody sends it.
      </Text>
      <Table fz="sm" layout="fixed" aria-labelledby="what-goes-where">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>In Jobtally</Table.Th>
            <Table.Th w={92}>Goes</Table.Th>
            <Table.Th>In Xero</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {MAP.map(([ours, direction, theirs]) => (
            <Table.Tr key={ours}>
              <Table.Td>{ours}</Table.Td>
              <Table.Td className="nowrap">{direction}</Table.Td>
              <Table.Td>{theirs}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
