// For `make screens`: the scenes of the tests as pictures.

import config from './playwright.config.ts';

export default { ...config, testDir: 'screens', testMatch: 'pictures.ts', timeout: 120_000 };
