import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
} from '@tabler/icons-react';
import type { AccountingCode } from '@/api/types';
import type { MarkTone } from '@/ui/state-mark';

type Face = { label: string; icon: Icon; tone: MarkTone };

export const LEDGER_FACES: Record<AccountingCode['ledger_state'], Face> = {
  matched: { label: 'In Xero', icon: IconCircleCheck, tone: 'ok' },
  unchecked: { label: 'Not checked', icon: IconCircleDashed, tone: 'quiet' },
  archived: { label: 'Archived in Xero', icon: IconArchive, tone: 'warn' },
  wrong_type: { label: 'Wrong type in Xero', icon: IconAlertTriangle, tone: 'warn' },
  missing: { label: 'Not in Xero', icon: IconCircleX, tone: 'bad' },
};
