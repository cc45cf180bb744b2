import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from '@/api/shared';
import { invoiceQuery } from '@/features/invoices/api';
import { ErrorPage } from './error-page';
import { NotFoundPage } from './not-found-page';
import { plainSearch } from './plain-search';
import {
  connectionSearch,
  contactsSearch,
  costCentreSearch,
  exportSearch,
  importSearch,
  invoicesSearch,
  itemsSearch,
  kindSearch,
  pushSearch,
  returnSearch,
} from './search';
import { Shell } from './shell';

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  notFoundComponent: NotFoundPage,
  errorComponent: ErrorPage,
});

/** Whether somebody is signed in already; if that cannot be found out, the page shows what is wrong. */
const isSignedIn = async ({ client }: { client: QueryClient }): Promise<boolean> =>
  Boolean(await client.ensureQueryData(sessionQuery).catch(() => null));

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: returnSearch,
  beforeLoad: async ({ context, search: { return_to = '/' } }) => {
    // The address in Xero's invoices is the server's.
    const reloadDocument = return_to.startsWith('/x/');
    if (await isSignedIn(context)) throw redirect({ href: return_to, replace: true, reloadDocument });
  },
  component: lazyRouteComponent(() => import('./pages/sign-in'), 'SignIn'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  beforeLoad: async ({ context }) => {
    if (await isSignedIn(context)) throw redirect({ to: '/home', replace: true });
  },
  component: lazyRouteComponent(() => import('./pages/sign-up'), 'SignUp'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation'), 'Invitation'),
});
const passwordReset = createRoute({
  getParentRoute: () => root,
  path: '/password-reset',
  component: lazyRouteComponent(() => import('./pages/password-reset'), 'PasswordReset'),
});
const emailVerification = createRoute({
  getParentRoute: () => root,
  path: '/email-verification',
  component: lazyRouteComponent(() => import('./pages/email-verification'), 'EmailVerification'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    if (await context.client.ensureQueryData(sessionQuery)) return;
    const here = location.href === '/' ? undefined : location.href;
    throw redirect({ to: '/sign-in', search: { return_to: here } });
  },
  component: Shell,
});

const under = <Path extends string>(path: Path) => ({ getParentRoute: () => signedIn, path }) as const;

const start = createRoute({
  ...under('/'),
  beforeLoad: () => {
    throw redirect({ to: '/home' });
  },
});
const home = createRoute({
  ...under('/home'),
  component: lazyRouteComponent(() => import('./pages/home'), 'Home'),
});
const invoices = createRoute({
  ...under('/invoices'),
  validateSearch: invoicesSearch,
  component: lazyRouteComponent(() => import('./pages/invoices'), 'CustomerInvoices'),
});
const bills = createRoute({
  ...under('/bills'),
  validateSearch: invoicesSearch,
  component: lazyRouteComponent(() => import('./pages/invoices'), 'SupplierInvoices'),
});
const enteredAlready = createRoute({
  ...under('/invoices/entered-already'),
  validateSearch: invoicesSearch,
  component: lazyRouteComponent(() => import('./pages/entered-already'), 'EnteredAlready'),
});
const invoice = createRoute({
  ...under('/invoices/$invoiceId'),
  beforeLoad: async ({ context, params: { invoiceId } }) => {
    // An id that leads nowhere opens a list, whose panel says so.
    const known = await context.client.ensureQueryData(invoiceQuery(invoiceId)).catch(() => null);
    const to = known?.value.kind === 'supplier' ? '/bills' : '/invoices';
    throw redirect({ to, search: { view: 'all', open: invoiceId }, replace: true });
  },
});
const invoiceEditor = createRoute({
  ...under('/invoices/$invoiceId/edit'),
  component: lazyRouteComponent(() => import('./pages/invoice-editor'), 'InvoiceEditor'),
});
const exportsList = createRoute({
  ...under('/exports'),
  component: lazyRouteComponent(() => import('@/features/exports/exports-page'), 'ExportsPage'),
});
const exportRun = createRoute({
  ...under('/exports/$exportId'),
  validateSearch: exportSearch,
  component: lazyRouteComponent(() => import('./pages/export'), 'ExportRun'),
});
const contacts = createRoute({
  ...under('/contacts'),
  validateSearch: contactsSearch,
  component: lazyRouteComponent(() => import('./pages/contacts'), 'Contacts'),
});
const contactImport = createRoute({
  ...under('/contacts/import'),
  validateSearch: importSearch,
  component: lazyRouteComponent(() => import('./pages/contact-import'), 'ContactImport'),
});
const contactPush = createRoute({
  ...under('/contacts/pushes/$pushId'),
  validateSearch: pushSearch,
  component: lazyRouteComponent(() => import('./pages/contact-push'), 'ContactPush'),
});
const contact = createRoute({
  ...under('/contacts/$contactId'),
  component: lazyRouteComponent(() => import('./pages/contacts'), 'OneContact'),
});
const connections = createRoute({
  ...under('/settings/connections'),
  validateSearch: connectionSearch,
  component: lazyRouteComponent(() => import('./pages/connections'), 'Connections'),
});
const xero = createRoute({
  ...under('/settings/connections/xero'),
  validateSearch: connectionSearch,
  component: lazyRouteComponent(() => import('./pages/connections'), 'Connections'),
});
const accounting = createRoute({
  ...under('/settings/accounting'),
  component: lazyRouteComponent(() => import('@/features/accounting/accounting-page'), 'AccountingPage'),
});
const statusChanges = createRoute({
  ...under('/settings/status-changes'),
  component: lazyRouteComponent(
    () => import('@/features/accounting/status-changes-page'),
    'StatusChangesPage',
  ),
});
const codes = createRoute({
  ...under('/settings/accounting-codes'),
  validateSearch: kindSearch,
  component: lazyRouteComponent(() => import('./pages/codes'), 'Codes'),
});
const costCentres = createRoute({
  ...under('/settings/cost-centres'),
  validateSearch: costCentreSearch,
  component: lazyRouteComponent(() => import('./pages/cost-centres'), 'CostCentres'),
});
const items = createRoute({
  ...under('/settings/items'),
  validateSearch: itemsSearch,
  component: lazyRouteComponent(() => import('./pages/items'), 'Items'),
});
const account = createRoute({
  ...under('/settings/account'),
  component: lazyRouteComponent(() => import('./pages/account'), 'Account'),
});
const help = createRoute({
  ...under('/help'),
  component: lazyRouteComponent(() => import('@/features/help/help-page'), 'HelpPage'),
});

const more = createRoute({
  ...under('/more'),
  component: lazyRouteComponent(() => import('./pages/more'), 'MorePage'),
});
/** An address that leads nowhere keeps the navigation around it. */
const nowhere = createRoute({ ...under('$'), component: NotFoundPage });

const moved = (
  from: string,
  to: '/settings/connections' | '/settings/accounting' | '/settings/cost-centres',
) =>
  createRoute({
    getParentRoute: () => signedIn,
    path: from,
    beforeLoad: () => {
      throw redirect({ to });
    },
  });

const tree = root.addChildren([
  signIn,
  signUp,
  invitation,
  passwordReset,
  emailVerification,
  signedIn.addChildren([
    start,
    home,
    invoices,
    enteredAlready,
    invoice,
    invoiceEditor,
    bills,
    exportsList,
    exportRun,
    contacts,
    contactImport,
    contactPush,
    contact,
    connections,
    xero,
    accounting,
    statusChanges,
    codes,
    costCentres,
    items,
    account,
    help,
    more,
    nowhere,
    moved('/settings', '/settings/connections'),
    moved('/settings/third-party', '/settings/connections'),
    moved('/settings/preferences', '/settings/accounting'),
    moved('/settings/smart-lists/cost-center', '/settings/cost-centres'),
  ]),
]);

/** The app's routes; `history` is given where there is no browser to ask. */
export const createAppRouter = (client: QueryClient, history?: RouterHistory) =>
  createRouter({
    history,
    routeTree: tree,
    context: { client },
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: ErrorPage,
    ...plainSearch,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
  interface HistoryState {
    /** The page whose fix link led here, so that it can be offered as the way back. */
    cameFrom?: string;
    /** Whether this entry was made by opening the list's panel. */
    opensPanel?: boolean;
    /** The drawers and dialogs that are open over the page, the one on top last. */
    overlays?: readonly string[];
  }
}
