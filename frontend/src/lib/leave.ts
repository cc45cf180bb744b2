/** Leaves the app for another site in this tab; a pop-up would be blocked on phones. */
export const leaveTo = (address: string) => window.location.assign(address);
