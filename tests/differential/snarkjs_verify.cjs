// Raw verdicts of snarkjs's groth16.verify for many cases in one process: true, false, or "error".
// Arguments: the path of snarkjs's build/main.cjs, and of a JSON file [{vk, public, proof}, …]. Writes a JSON array.
"use strict";
const fs = require("node:fs");
const snarkjs = require(process.argv[2]);

(async () => {
    const verdicts = [];
    for (const one of JSON.parse(fs.readFileSync(process.argv[3], "utf8"))) {
        try {
            verdicts.push(await snarkjs.groth16.verify(one.vk, one.public, one.proof));
        } catch {
            verdicts.push("error");
        }
    }
    process.stdout.write(JSON.stringify(verdicts), () => process.exit(0));
})();
