// What an ordinary user of @solana/web3.js does, against the node at argv[2], from the folder at argv[3]; the key pair comes on standard input.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const web3 = createRequire(process.argv[3])("@solana/web3.js");

const { secret, to, program, key, verify } = JSON.parse(readFileSync(0, "utf8"));
const payer = web3.Keypair.fromSecretKey(Uint8Array.from(secret));
const connection = new web3.Connection(process.argv[2], "confirmed");

async function confirmed(signature) {
    for (let asked = 0; asked < 50; asked += 1) {
        const status = (await connection.getSignatureStatus(signature)).value;
        if (status !== null && status.confirmationStatus !== "processed") {
            return status;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${signature} was not confirmed`);
}

async function sent(...instructions) {
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    const transaction = new web3.Transaction({ feePayer: payer.publicKey, blockhash, lastValidBlockHeight });
    transaction.add(...instructions);
    // The ordinary way: it hears of the transaction by a WebSocket, one port on.
    const signature = await web3.sendAndConfirmTransaction(connection, transaction, [payer]);
    const status = await confirmed(signature);
    const record = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    return { status, fee: record.meta.fee, units: record.meta.computeUnitsConsumed, logs: record.meta.logMessages };
}

async function main() {
    const destination = new web3.PublicKey(to);
    const transfer = web3.SystemProgram.transfer({
        fromPubkey: payer.publicKey, toPubkey: destination, lamports: 1_000_000,
    });
    const call = new web3.TransactionInstruction({
        programId: new web3.PublicKey(program),
        keys: [{ pubkey: new web3.PublicKey(key), isSigner: false, isWritable: false }],
        data: Buffer.from(verify, "hex"),
    });
    const forged = new web3.TransactionInstruction({ ...call, data: Buffer.from(`${verify.slice(0, -2)}ff`, "hex") });
    const { blockhash } = await connection.getLatestBlockhash();
    const message = new web3.TransactionMessage({
        payerKey: payer.publicKey, recentBlockhash: blockhash, instructions: [forged],
    }).compileToV0Message();
    const simulated = await connection.simulateTransaction(new web3.VersionedTransaction(message));
    let refusal = null;
    try {
        await sent(forged);
    } catch (error) {
        refusal = error.constructor.name;
    }
    const account = await connection.getAccountInfo(new web3.PublicKey(key));
    console.log(JSON.stringify({
        version: await connection.getVersion(),
        genesis: await connection.getGenesisHash(),
        rent: await connection.getMinimumBalanceForRentExemption(165),
        transfer: await sent(transfer),
        received: await connection.getBalance(destination),
        verified: await sent(call),
        refused: simulated.value.err,
        refusal,
        key: { owner: account.owner.toBase58(), bytes: account.data.length },
        stored: (await connection.getProgramAccounts(new web3.PublicKey(program))).length,
        airdrop: await confirmed(await connection.requestAirdrop(destination, 5)),
    }));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
