import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconLoader2,
  IconPlug,
} from '@tabler/icons-react';
import type { Connection, ConnectionState } from '@/api/types';

export type ConnectionFace = {
  tone: 'quiet' | 'busy' | 'ok' | 'warn';
  icon: Icon;
  title: string;
  text: string;
  /** What the connect button says; null where there is nothing to connect. */
  connect: string | null;
};

/** How each state of the connection looks and reads. */
export function faceOf(connection: Connection): ConnectionFace {
  const { state, organisation_name, problem } = connection;
  const name = organisation_name ?? 'your organisation';
  if (connection.organisation_choice_due) {
    return {
      tone: 'warn',
      icon: IconAlertTriangle,
      title: 'You have to choose',
      text: 'Xero gives Jobtally access. Choose below which organisation is this business.',
      connect: 'Start again',
    };
  }
  if (state === 'connected' && problem) {
    return {
      tone: 'warn',
      icon: IconAlertTriangle,
      title: problem.title,
      text: problem.xero_message ? `${problem.detail} Xero says: “${problem.xero_message}”` : problem.detail,
      connect: problem.fix ? 'Reconnect' : null,
    };
  }
  const faces: Record<ConnectionState, ConnectionFace> = {
    not_connected: {
      tone: 'quiet',
      icon: IconPlug,
      title: 'Not connected',
      text: 'Copy your customers and suppliers from Xero, and export invoices without typing them twice.',
      connect: 'Connect to Xero',
    },
    connecting: {
      tone: 'busy',
      icon: IconLoader2,
      title: 'Waiting for you to finish in Xero',
      text: 'Sign in at Xero, choose your organisation and allow access. If that page is gone, start again.',
      connect: 'Start again',
    },
    connected: {
      tone: 'ok',
      icon: IconCircleCheck,
      title: `Connected to ${name}`,
      text: 'Invoices go to this organisation when you export them.',
      connect: null,
    },
    needs_reconnect: {
      tone: 'warn',
      icon: IconAlertTriangle,
      title: 'Xero has signed us out',
      text: 'Nothing is lost. Exports wait until you reconnect, then carry on by themselves.',
      connect: 'Reconnect',
    },
    removed: {
      tone: 'warn',
      icon: IconAlertTriangle,
      title: `${name} removed Jobtally in Xero`,
      text: 'Your settings and the list of your exports are still here. Reconnect to carry on.',
      connect: 'Reconnect',
    },
    unreachable: {
      tone: 'quiet',
      icon: IconClock,
      title: 'Xero isn’t answering',
      text: 'We try again every minute. There’s nothing you need to do.',
      connect: null,
    },
  };
  return faces[state];
}

/** Whether there is a connection that *Disconnect* would end. */
export const canDisconnect = (state: ConnectionState) => state !== 'not_connected' && state !== 'connecting';

/** Whether nothing can be exported until the state of the connection is another one. */
export const holdsExports = ({ state, problem }: Connection) => state !== 'connected' || problem !== null;

/** Whether somebody has to act before anything can be exported. */
export const needsReconnect = (state: ConnectionState) => state === 'needs_reconnect' || state === 'removed';
