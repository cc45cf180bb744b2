import { ActionIcon, Button, Group, Input, Menu, Switch, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconPlus, IconX } from '@tabler/icons-react';
import type { ReferencePart } from '@/api/types';
import { Card } from '@/ui/card';
import { LABELS } from './labels';
import { LIMIT, moved, PART_LABELS, PARTS, previewOf } from './reference';
import type { PreferencesForm } from './use-preferences-form';
import './accounting.css';

/** F: what stands in Xero's Reference, in which order. */
export function ReferenceSection({ form }: { form: PreferencesForm }) {
  const parts = form.values.reference_parts;
  const put = (next: ReferencePart[]) => form.setFieldValue('reference_parts', next);
  const preview = previewOf(parts);
  return (
    <Card
      id="reference"
      title="Reference"
      intro="What goes into the Reference of a customer invoice in Xero, in this order."
    >
      <Input.Wrapper
        label={LABELS.reference_parts}
        labelElement="div"
        error={form.errors.reference_parts}
        id="reference_parts"
        tabIndex={-1}
      >
        <Group gap="xs" mt={6}>
          {parts.map((part, place) => (
            <span key={part} className="reference-part">
              {PART_LABELS[part]}
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                disabled={place === 0}
                aria-label={`Move ${PART_LABELS[part]} forward`}
                onClick={() => put(moved(parts, place, -1))}
              >
                <IconArrowLeft size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                disabled={place === parts.length - 1}
                aria-label={`Move ${PART_LABELS[part]} back`}
                onClick={() => put(moved(parts, place, 1))}
              >
                <IconArrowRight size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                disabled={parts.length === 1}
                aria-label={`Remove ${PART_LABELS[part]}`}
                onClick={() => put(parts.filter((one) => one !== part))}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            </span>
          ))}
          <AddPart parts={parts} onAdd={(part) => put([...parts, part])} />
        </Group>
      </Input.Wrapper>
      <Text className="preview" role="status">
        “{preview}” <span className="soft tnum">{`${preview.length} of ${LIMIT} characters`}</span>
      </Text>
      <Switch
        id="reference_on_bills"
        label="Add it to supplier invoices too"
        description="Off: the supplier’s own invoice number stands there alone. On: these parts follow it."
        {...form.getInputProps('reference_on_bills', { type: 'checkbox' })}
      />
    </Card>
  );
}

function AddPart({ parts, onAdd }: { parts: ReferencePart[]; onAdd: (part: ReferencePart) => void }) {
  const rest = PARTS.filter((part) => !parts.includes(part));
  if (rest.length === 0) return null;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />}>
          Add
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {rest.map((part) => (
          <Menu.Item key={part} onClick={() => onAdd(part)}>
            {PART_LABELS[part]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
