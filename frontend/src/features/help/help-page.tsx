import { Stack } from '@mantine/core';
import { useSession } from '@/api/use-session';
import { Card } from '@/ui/card';
import { Page } from '@/ui/page';

const QUESTIONS = [
  [
    'Which invoices can be exported?',
    'Approved ones. A draft has to be approved first; after that it can be ticked and exported.',
  ],
  [
    'When does an invoice go to Xero?',
    'Only when somebody exports it. Contacts go along with their first invoice.',
  ],
  [
    'Can an invoice arrive twice?',
    'No. If a reply from Xero is lost, we look there first and export again only what is really missing.',
  ],
  [
    'What about payments and purchase orders?',
    'Neither of them goes. Payments stay where they are recorded, in Xero.',
  ],
  [
    'What if Xero doesn’t accept an invoice?',
    'It stays selectable, with the reason beside it and the field that fixes it or a link to it.',
  ],
  [
    'What happens when I disconnect?',
    'Exports stop until you connect again. Your settings, codes and the list of your exports stay here.',
  ],
] as const;

export function HelpPage() {
  const { support } = useSession();
  return (
    <Page title="Questions and answers">
      <Stack gap="md" maw={760}>
        {QUESTIONS.map(([question, answer]) => (
          <Card key={question} title={question}>
            {answer}
          </Card>
        ))}
        {(support.email || support.phone) && (
          <Card title="Talk to somebody">
            <span>
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
            </span>
          </Card>
        )}
      </Stack>
    </Page>
  );
}
