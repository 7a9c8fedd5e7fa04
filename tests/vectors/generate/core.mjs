// Checks every vector of core with code that shares nothing with ours: poseidon-lite and @zk-kit/eddsa-poseidon.
//   node tests/vectors/generate/core.mjs NODE_MODULES VECTORS [FILE.json…]      (all files when none is named)
// Prints the number of values checked in each file as JSON; exits 1 at the first that differs, naming it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [modules, folder, ...names] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "index.js"));
const poseidonLite = require("poseidon-lite");
const { Base8, mulPointEscalar } = require("@zk-kit/baby-jubjub");
const { derivePublicKey, signMessage, verifySignature } = require("@zk-kit/eddsa-poseidon");

// spec/tags.toml, once more by hand: a tag that moved must be noticed here.
const TAG = {
  DEPLOYMENT: 1, RAIL: 2, SOLVENCY: 3, PAYMENT: 4, ID: 5, IDC: 6, LINE: 7, PAYEE_KEY: 8, PAYEE: 9,
  ATTESTOR: 10, NODE: 11, BALANCE: 12, RECEIPT: 13, NF: 14, TEXT: 15,
};

const checked = {};
let file = "";

function read(name) {
  file = name;
  checked[name] = 0;
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

function same(ours, theirs, what) {
  if (String(ours) !== String(theirs)) {
    console.error(`${file}: ${what} differs: the file says ${ours}, this check ${theirs}`);
    process.exit(1);
  }
  checked[file] += 1;
}

const P = (...words) => poseidonLite[`poseidon${words.length}`](words.map(BigInt));

function halves(hex) {
  return [BigInt("0x" + hex.slice(0, 32)), BigInt("0x" + hex.slice(32))];
}

function pack(text) {
  const bytes = Buffer.from(text, "ascii");
  const big = (part) => BigInt("0x" + part.toString("hex"));
  if (bytes.length <= 31) return big(bytes);
  const chunks = [];
  for (let start = 0; start < bytes.length; start += 31) chunks.push(big(bytes.subarray(start, start + 31)));
  return P(TAG.TEXT, bytes.length, ...chunks);
}

function pathRoot(key, bits, siblings) {
  let node = P(TAG.ATTESTOR, ...key);
  bits.forEach((bit, height) => {
    node = bit === "1" ? P(TAG.NODE, siblings[height], node) : P(TAG.NODE, node, siblings[height]);
  });
  return node;
}

function poseidon() {
  for (const { words, hash } of read("poseidon.json").cases) same(hash, P(...words), `${words.length} words`);
}

// zk-kit does not export its BLAKE-512, but takes keys of any length: a key's point is made of the hash's first half.
function blake512() {
  for (const { message, hash } of read("blake512.json").cases) {
    const pruned = Buffer.from(hash, "hex").subarray(0, 32);
    pruned[0] &= 0xf8;
    pruned[31] = (pruned[31] & 0x7f) | 0x40;
    const scalar = BigInt("0x" + pruned.reverse().toString("hex")) >> 3n;
    const theirs = derivePublicKey(Buffer.from(message, "hex"));
    same(mulPointEscalar(Base8, scalar), theirs, `message of ${message.length / 2} bytes`);
  }
}

function eddsa() {
  const { cases, refused } = read("eddsa.json");
  for (const { secret, key, message, signature } of cases) {
    const bytes = Buffer.from(secret, "hex");
    const theirKey = derivePublicKey(bytes);
    const theirs = signMessage(bytes, BigInt(message));
    same([key.ax, key.ay], theirKey, "key");
    same([signature.r8x, signature.r8y, signature.s], [...theirs.R8, theirs.S], "signature");
    same(true, verifySignature(BigInt(message), theirs, theirKey), "verdict");
  }
  for (const { why, key, message, signature, accepted_when_keys_are_trusted: accepted } of refused) {
    const theirs = { R8: [BigInt(signature.r8x), BigInt(signature.r8y)], S: BigInt(signature.s) };
    same(accepted, verifySignature(BigInt(message), theirs, [BigInt(key.ax), BigInt(key.ay)]), why);
  }
}

function text() {
  const { texts, accounts, transaction_ids: ids } = read("text.json");
  for (const { text, packed } of texts) same(packed, pack(text), `text of ${text.length} characters`);
  for (const { canonical, packed } of [...accounts, ...ids]) same(packed, pack(canonical), "packed canonical text");
}

function identity() {
  const { rails, deployments, domains, payer, payee } = read("identity.json");
  for (const r of rails) same(r.rail, P(TAG.RAIL, r.provider_id, r.iso4217_numeric, r.exponent), r.name);
  for (const d of deployments) {
    same(d.deployment, P(TAG.DEPLOYMENT, ...halves(d.genesis), ...halves(d.market_program)), "deployment");
  }
  for (const d of domains) same(d.domain, P(d.tag, d.deployment, d.rail, ...halves(d.market)), "domain");
  same(payer.h, P(TAG.ID, payer.id_secret, payer.rail, payer.payer_account), "h");
  same(payer.idc, P(TAG.IDC, payer.h, payer.rail, payer.payer_account), "idc");
  same(payer.line_id, P(TAG.LINE, payer.id_secret, payer.idc, payer.deployment), "line_id");
  same(payee.payee_key, P(TAG.PAYEE_KEY, payee.rail, payee.payee_account, payee.payee_secret), "payee_key");
  same(payee.payee_commit, P(TAG.PAYEE, payee.payee_key, payee.payee_salt), "payee_commit");
  same(payee.nf, P(TAG.NF, payee.rail, payee.txid, payee.payee_key), "nf");
}

function registry() {
  for (const { depth, keys, root, paths } of read("registry.json").sets) {
    let row = keys.map((key) => P(TAG.ATTESTOR, key.ax, key.ay));
    while (row.length < 2 ** Number(depth)) row.push(0n);
    while (row.length > 1) row = row.filter((_, i) => i % 2 === 0).map((left, i) => P(TAG.NODE, left, row[2 * i + 1]));
    same(root, row[0], "root");
    for (const { index, index_bits: bits, siblings } of paths) {
      same([...bits].reverse().join(""), Number(index).toString(2).padStart(Number(depth), "0"), "index bits");
      same(root, pathRoot([keys[index].ax, keys[index].ay], bits, siblings), "path");
    }
  }
}

// What both circuits say about their attestors, for one case.
function attestors({ k, depth, circuit_input: input, statement, message }) {
  let bitmap = 0n;
  for (let i = 0; i < Number(k); i += 1) {
    const key = [input.key_x[i], input.key_y[i]];
    same(Number(depth), input.index_bits[i].length, "depth");
    same(statement.root, pathRoot(key, input.index_bits[i], input.siblings[i]), "root");
    bitmap += 1n << BigInt("0b" + [...input.index_bits[i]].reverse().join(""));
    const signature = { R8: [BigInt(input.r8_x[i]), BigInt(input.r8_y[i])], S: BigInt(input.s[i]) };
    same(true, verifySignature(BigInt(message), signature, key.map(BigInt)), "signature");
  }
  same(statement.bitmap, bitmap, "bitmap");
}

function identityOf(input) {
  const idc = P(TAG.IDC, P(TAG.ID, input.id_secret, input.rail, input.payer_account), input.rail, input.payer_account);
  return { idc, line: P(TAG.LINE, input.id_secret, idc, input.deployment) };
}

// The statement and the circuit's input must name the same public values.
function samePublic(statement, input) {
  for (const [name, value] of Object.entries(statement)) {
    if (name === "buyer") same([input.buyer_hi, input.buyer_lo], halves(value), name);
    else same(input[name], value, name);
  }
}

function solvency() {
  for (const row of read("solvency.json").cases) {
    const { statement: s, circuit_input: input } = row;
    const { idc, line } = identityOf(input);
    samePublic(s, input);
    same(row.message, P(TAG.BALANCE, input.deployment, input.rail, idc, input.balance_minor_units,
      input.issued_at_unix_s, input.nonce), "message");
    attestors(row);
    same(s.domain, P(TAG.SOLVENCY, input.deployment, input.rail, input.market_hi, input.market_lo), "domain");
    same(s.line_id, line, "line_id");
    const packed = BigInt(s.covered_minor_units) | (BigInt(s.seq) << 64n) | (BigInt(s.issued_min_unix_s) << 128n)
      | (BigInt(s.bitmap) << 168n);
    same(row.packed, packed, "packed");
    const stmt = P(s.domain, ...halves(s.buyer), packed, s.root, s.line_id);
    same([row.stmt, input.stmt], [stmt, stmt], "stmt");
  }
}

function payment() {
  for (const row of read("payment.json").cases) {
    const { statement: s, circuit_input: input } = row;
    const { idc, line } = identityOf(input);
    samePublic(s, input);
    same(row.message, P(TAG.RECEIPT, input.deployment, input.rail, idc, input.payee_account,
      input.amount_minor_units, input.paid_at_unix_s, input.txid, input.nonce), "message");
    attestors(row);
    same(s.domain, P(TAG.PAYMENT, input.deployment, input.rail, input.market_hi, input.market_lo), "domain");
    same(s.line_id, line, "line_id");
    const payeeKey = P(TAG.PAYEE_KEY, input.rail, input.payee_account, input.payee_secret);
    same(s.payee_commit, P(TAG.PAYEE, payeeKey, input.payee_salt), "payee_commit");
    same(s.nf, P(TAG.NF, input.rail, input.txid, payeeKey), "nf");
    const packed = BigInt(s.paid_floor_minor_units) | (BigInt(s.not_before_unix_s) << 64n)
      | (BigInt(s.not_after_unix_s) << 104n) | (BigInt(s.bitmap) << 144n);
    same(row.packed, packed, "packed");
    const stmt = P(s.domain, s.order_id, packed, s.payee_commit, s.root, s.line_id, s.nf);
    same([row.stmt, input.stmt], [stmt, stmt], "stmt");
  }
}

const checks = { poseidon, blake512, eddsa, text, identity, registry, solvency, payment };
for (const name of names.length ? names : Object.keys(checks).map((key) => `${key}.json`)) {
  checks[name.replace(/\.json$/, "")]();
}
console.log(JSON.stringify(checked));
