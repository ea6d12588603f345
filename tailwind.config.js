/** Every colour is a variable of src/app/theme.css, so that light and dark are one set of classes. */
const color = (name) => `var(--${name})`

/** @type {import('tailwindcss').Config} */
export default {
  darkMode: ['selector', '[data-theme="dark"]'],
  theme: {
    extend: {
      colors: {
        page: color('page'),
        surface: color('surface'),
        sunken: color('sunken'),
        line: color('line'),
        'line-strong': color('line-strong'),
        ink: color('ink'),
        muted: color('muted'),
        accent: color('accent'),
        'accent-ink': color('accent-ink'),
        'accent-soft': color('accent-soft'),
        good: color('good'),
        'good-soft': color('good-soft'),
        'good-fill': color('good-fill'),
        warn: color('warn'),
        'warn-soft': color('warn-soft'),
        bad: color('bad'),
        'bad-soft': color('bad-soft'),
        'chart-1': color('chart-1'),
        'chart-2': color('chart-2'),
        'chart-3': color('chart-3'),
        'chart-4': color('chart-4'),
        'chart-5': color('chart-5'),
        'chart-other': color('chart-other'),
      },
      fontFamily: {
        sans: [
          '"Geist Variable"',
          '"Geist Fallback"',
          '"Geist Fallback Android"',
          'system-ui',
          'sans-serif',
        ],
        mono: ['"Geist Mono Variable"', 'ui-monospace', 'monospace'],
      },
      fontSize: {
        xs: ['0.75rem', '1.125rem'],
        sm: ['0.8125rem', '1.25rem'],
        base: ['0.875rem', '1.375rem'],
        lg: ['1rem', '1.5rem'],
        xl: ['1.25rem', '1.75rem'],
        '2xl': ['1.75rem', '2.125rem'],
      },
    },
  },
}
