import { createTheme, type MantineColorsTuple } from '@mantine/core';

// brand and warn hold 4.5:1 for text: brand.7 on white, brand.6 under white text in the dark scheme, warn.9 on white.
const brand: MantineColorsTuple = [
  '#e9f2fa',
  '#d3e4f2',
  '#a6c8e4',
  '#74a9d4',
  '#4b8fc6',
  '#2f7cb8',
  '#1f6ba6',
  '#17588c',
  '#154c79',
  '#0b375b',
];
const warn: MantineColorsTuple = [
  '#fff6ea',
  '#ffecd1',
  '#ffd69e',
  '#ffbe66',
  '#f8a53a',
  '#e58a17',
  '#c26d08',
  '#a75803',
  '#954c00',
  '#8a4300',
];

// Mantine's dark greys are neutral; these carry the slight blue of the other tokens.
const dark: MantineColorsTuple = [
  '#e6e9ee',
  '#c9ced6',
  '#a5adba',
  '#8a93a1',
  '#3b414a',
  '#31363e',
  '#22262c',
  '#15171b',
  '#101215',
  '#0b0c0e',
];

const DIALOG = {
  closeButtonProps: { 'aria-label': 'Close' },
  // The head of a dialog is a <header>, which would be a second banner of the page.
  attributes: { header: { role: 'presentation' } },
};

const CALENDAR = {
  monthLevelControl: 'Choose another month',
  yearLevelControl: 'Choose another year',
  nextMonth: 'Next month',
  previousMonth: 'Previous month',
  nextYear: 'Next year',
  previousYear: 'Previous year',
  nextDecade: 'Next ten years',
  previousDecade: 'Previous ten years',
};

export const theme = createTheme({
  primaryColor: 'brand',
  colors: { brand, warn, dark },
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  respectReducedMotion: true,
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontSizes: { xs: '13px', sm: '14px', md: '14px', lg: '16px' },
  lineHeights: { xs: '1.385', sm: '1.43', md: '1.43' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '28px', fontWeight: '650' },
      h2: { fontSize: '15px', lineHeight: '20px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  components: {
    Badge: { defaultProps: { radius: 'sm', tt: 'none', fw: 550 } },
    // Its place for the first focus is no menu item, which a menu may not hold.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: DIALOG },
    Drawer: { defaultProps: DIALOG },
    DatePicker: { defaultProps: { ariaLabels: CALENDAR } },
    DateInput: { defaultProps: { ariaLabels: CALENDAR } },
    Select: {
      defaultProps: {
        checkIconPosition: 'right',
        nothingFoundMessage: 'Nothing matches',
        openOnFocus: false,
      },
    },
  },
});
