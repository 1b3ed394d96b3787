// What every page shares, handed down from a layout and never kept at module level.

import { createContext } from 'svelte';
import type { Api } from '../api/client.ts';
import type { Account } from '../api/wire.gen.ts';
import type { Clock } from './clock.svelte.ts';
import type { Remote } from './remote.svelte.ts';
import type { Trash } from './trash.svelte.ts';

export const [useApi, provideApi] = createContext<Api>();
export const [useClock, provideClock] = createContext<Clock>();
export const [useAccount, provideAccount] = createContext<Remote<Account>>();
export const [useTrash, provideTrash] = createContext<Trash>();
