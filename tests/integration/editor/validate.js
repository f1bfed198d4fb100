// What ajv says of documents: on standard input where ajv is, the schemas by file name, and pairs of a file and a document.
const { readFileSync } = require("node:fs");

const { ajv, shared, schemas, documents } = JSON.parse(readFileSync(0, "utf8"));
const Ajv2020 = require(ajv).default;
// Some fields may be text or a number, of which ajv would warn.
const known = new Ajv2020({ strictTypes: false }).addSchema(shared);
const compiled = Object.fromEntries(Object.entries(schemas).map(([file, schema]) => [file, known.compile(schema)]));
console.log(JSON.stringify(documents.map(([file, document]) => compiled[file](document))));
