export { InputError, type ErrorCode } from './errors.js';
export * from './ledger/entry.js';
export { columnsOf, type DictionaryColumn, type LedgerColumns } from './ledger/columns.js';
export { parseJson, type JsonField, type JsonNode, type JsonNumber, type JsonObject, type JsonReading } from './ledger/lexeme.js';
export { requireUsable, type FaultCode, type LedgerFault, type ReportedHeader, type VerificationReport, type VerifiedLedger, type Writer } from './ledger/report.js';
