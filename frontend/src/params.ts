import { defineParams } from '@sveltejs/kit/params';

export const params = defineParams({
  /** The languages that stand in front of an address; English does not. */
  language: (param) => (param === 'de' ? param : undefined),
});
