import { Paper, Stack, Text, Title } from '@mantine/core';
import { useSession } from '@/api/use-session';
import { Page } from '@/ui/page';

const QUESTIONS = [
  [
    'Which invoices can be sent?',
    'Approved ones. A draft has to be approved first; after that it can be ticked and exported.',
  ],
  [
    'When does an invoice go to Xero?',
    'Only when somebody exports it. Contacts go along with their first invoice.',
  ],
  [
    'Can an invoice arrive twice?',
    'No. If a reply from Xero is lost, we look there first and send again only what is really missing.',
  ],
  [
    'What about payments and purchase orders?',
    'We send neither. Payments stay where they are recorded, in Xero.',
  ],
  [
    'What if Xero doesn’t accept an invoice?',
    'It stays selectable, with the reason beside it and a button that opens the place to mend it.',
  ],
  [
    'What happens when I disconnect?',
    'Exports and the contact push stop. Your settings, codes and the list of what was sent stay here.',
  ],
] as const;

export function HelpPage() {
  const { support } = useSession();
  return (
    <Page title="Questions and answers">
      <Stack gap="md">
        {QUESTIONS.map(([question, answer]) => (
          <Paper key={question} withBorder p="md">
            <Title order={2} fz={16}>
              {question}
            </Title>
            <Text fz="sm" mt={4}>
              {answer}
            </Text>
          </Paper>
        ))}
        {(support.email || support.phone) && (
          <Paper withBorder p="md">
            <Title order={2} fz={16}>
              Talk to somebody
            </Title>
            <Text fz="sm" mt={4}>
              {support.phone && (
                <a href={`tel:${support.phone}`} className="text-link">
                  {support.phone}
                </a>
              )}
              {support.phone && support.email && ' or '}
              {support.email && (
                <a href={`mailto:${support.email}`} className="text-link">
                  {support.email}
                </a>
              )}
            </Text>
          </Paper>
        )}
      </Stack>
    </Page>
  );
}
