import { agentdojoRunImporter } from '../trace/import/agentdojo.js';
import { callsImporter } from '../trace/import/calls.js';
import { agentdojoImporter, piEventsImporter, taubenchImporter } from '../trace/import/events.js';
import type { Importer } from '../trace/import/importer.js';
import { straceImporter } from '../trace/import/strace.js';
import { taubenchTrajectoryImporter } from '../trace/import/taubench.js';
import { telemetryImporter } from '../trace/import/telemetry.js';
import { ledgerImporter } from './import-ledger.js';

/** The importers whose sources are recognised by content, in the order they are asked. */
export const TRACE_IMPORTERS: readonly Importer[] = [ledgerImporter, telemetryImporter, callsImporter, agentdojoImporter, taubenchImporter, piEventsImporter, agentdojoRunImporter, taubenchTrajectoryImporter, straceImporter];
