// Finds packages in the folder that NODE_MODULES names, wherever the program is.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const require = createRequire(join(process.env.NODE_MODULES, 'any.cjs'));

export const load = name => import(pathToFileURL(require.resolve(name)));
