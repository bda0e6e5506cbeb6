// Compiles src to dist, and puts the script of the report page together there.
import { chmodSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { writePageScript } from './page-script.mjs';

writePageScript();
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
if (existsSync('dist/app/cli/main.js')) chmodSync('dist/app/cli/main.js', 0o755);
