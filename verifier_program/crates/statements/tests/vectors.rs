//! The golden vectors that circuits, clients and programs share.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)] // Tests.

use std::{fs, path::PathBuf, str::FromStr};

use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use serde_json::Value;
use statements::{
    ATTESTOR_DEPTH_MAX, ATTESTOR_LEAVES_MAX, EMPTY_LEAF, FieldBytes, PaymentStatement, SolvencyStatement,
    attestor_leaf, attestor_root, bitmap_is, deployment, domain, generated, poseidon, rail, split, word,
};

fn vectors(file: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors").join(file);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The entries of one list, of which there must be some.
fn entries<'a>(file: &'a Value, name: &str) -> &'a [Value] {
    let entries = file[name].as_array().unwrap();
    assert!(!entries.is_empty(), "{name}");
    entries
}

fn field(value: &Value) -> FieldBytes {
    Fr::from_str(value.as_str().unwrap()).unwrap().into_bigint().to_bytes_be().try_into().unwrap()
}

fn number<T: FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

fn key(value: &Value) -> [u8; 32] {
    let text = value.as_str().unwrap();
    assert_eq!(text.len(), 64);
    std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
}

fn hash<const N: usize>(words: &[FieldBytes]) -> FieldBytes {
    poseidon::<N>(std::array::from_fn(|at| &words[at])).unwrap()
}

#[test]
fn poseidon_of_1_to_12_words() {
    let file = vectors("poseidon.json");
    let mut counts = [0; 13];
    for case in entries(&file, "cases") {
        let words: Vec<FieldBytes> = case["words"].as_array().unwrap().iter().map(field).collect();
        counts[words.len()] += 1;
        let found = match words.len() {
            1 => hash::<1>(&words),
            2 => hash::<2>(&words),
            3 => hash::<3>(&words),
            4 => hash::<4>(&words),
            5 => hash::<5>(&words),
            6 => hash::<6>(&words),
            7 => hash::<7>(&words),
            8 => hash::<8>(&words),
            9 => hash::<9>(&words),
            10 => hash::<10>(&words),
            11 => hash::<11>(&words),
            12 => hash::<12>(&words),
            count => panic!("{count} words"),
        };
        assert_eq!(found, field(&case["hash"]), "{case}");
    }
    assert!(counts[1..].iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn rails_deployments_and_domains() {
    let file = vectors("identity.json");
    for case in entries(&file, "rails") {
        let found =
            rail(number(&case["provider_id"]), number(&case["iso4217_numeric"]), number(&case["exponent"]));
        assert_eq!(found, Some(field(&case["rail"])), "{case}");
    }
    for case in entries(&file, "deployments") {
        let found = deployment(&key(&case["genesis"]), &key(&case["market_program"]));
        assert_eq!(found, Some(field(&case["deployment"])), "{case}");
    }
    for case in entries(&file, "domains") {
        let (deployment, rail) = (field(&case["deployment"]), field(&case["rail"]));
        let found = domain(number(&case["tag"]), &deployment, &rail, &key(&case["market"]));
        assert_eq!(found, Some(field(&case["domain"])), "{case}");
    }
}

/// What only clients and circuits hash: the tags are the same here.
#[test]
fn identities_payees_nullifiers_and_messages() {
    let file = vectors("identity.json");
    let (payer, payee) = (&file["payer"], &file["payee"]);
    assert_tagged::<4>(payer, generated::TAG_ID, &["id_secret", "rail", "payer_account"], "h");
    assert_tagged::<4>(payer, generated::TAG_IDC, &["h", "rail", "payer_account"], "idc");
    assert_tagged::<4>(payer, generated::TAG_LINE, &["id_secret", "idc", "deployment"], "line_id");
    let key = ["rail", "payee_account", "payee_secret"];
    assert_tagged::<4>(payee, generated::TAG_PAYEE_KEY, &key, "payee_key");
    assert_tagged::<3>(payee, generated::TAG_PAYEE, &["payee_key", "payee_salt"], "payee_commit");
    assert_tagged::<4>(payee, generated::TAG_NF, &["rail", "txid", "payee_key"], "nf");

    let idc = |input: &Value| {
        let h = tagged::<4>(input, generated::TAG_ID, &["id_secret", "rail", "payer_account"]);
        let (rail, account) = (field(&input["rail"]), field(&input["payer_account"]));
        poseidon([&word(generated::TAG_IDC.into()), &h, &rail, &account]).unwrap()
    };
    for case in entries(&vectors("solvency.json"), "cases") {
        let of = |name: &str| field(&case["circuit_input"][name]);
        let found = poseidon([
            &word(generated::TAG_BALANCE.into()),
            &of("deployment"),
            &of("rail"),
            &idc(&case["circuit_input"]),
            &of("balance_minor_units"),
            &of("issued_at_unix_s"),
            &of("nonce"),
        ]);
        assert_eq!(found, Some(field(&case["message"])), "{case}");
    }
    for case in entries(&vectors("payment.json"), "cases") {
        let of = |name: &str| field(&case["circuit_input"][name]);
        let found = poseidon([
            &word(generated::TAG_RECEIPT.into()),
            &of("deployment"),
            &of("rail"),
            &idc(&case["circuit_input"]),
            &of("payee_account"),
            &of("amount_minor_units"),
            &of("paid_at_unix_s"),
            &of("txid"),
            &of("nonce"),
        ]);
        assert_eq!(found, Some(field(&case["message"])), "{case}");
    }
}

/// The hash of a tag and then these values of a vector.
fn tagged<const N: usize>(vector: &Value, tag: u8, names: &[&str]) -> FieldBytes {
    assert_eq!(names.len() + 1, N);
    let mut words = vec![word(tag.into())];
    words.extend(names.iter().map(|name| field(&vector[name])));
    hash::<N>(&words)
}

fn assert_tagged<const N: usize>(vector: &Value, tag: u8, names: &[&str], expected: &str) {
    assert_eq!(tagged::<N>(vector, tag, names), field(&vector[expected]), "{expected}");
}

#[test]
fn attestor_sets() {
    let file = vectors("registry.json");
    for set in entries(&file, "sets") {
        let mut leaves = [EMPTY_LEAF; ATTESTOR_LEAVES_MAX];
        for (leaf, key) in leaves.iter_mut().zip(entries(set, "keys")) {
            *leaf = attestor_leaf(&field(&key["ax"]), &field(&key["ay"])).unwrap();
        }
        assert_eq!(attestor_root(&mut leaves, number(&set["depth"])), Some(field(&set["root"])), "{set}");
    }
    assert_eq!(attestor_root(&mut [EMPTY_LEAF; ATTESTOR_LEAVES_MAX], ATTESTOR_DEPTH_MAX + 1), None);
    // Not by the lack of leaves that a height of so many has.
    assert_eq!(attestor_root(&mut [EMPTY_LEAF; ATTESTOR_LEAVES_MAX], usize::MAX), None);
}

#[test]
fn solvency_statements() {
    let file = vectors("solvency.json");
    for case in entries(&file, "cases") {
        let values = &case["statement"];
        let statement = SolvencyStatement {
            domain: &field(&values["domain"]),
            buyer: &key(&values["buyer"]),
            covered_minor_units: number(&values["covered_minor_units"]),
            seq: number(&values["seq"]),
            issued_min_unix_s: number(&values["issued_min_unix_s"]),
            bitmap: number(&values["bitmap"]),
            root: &field(&values["root"]),
            line_id: &field(&values["line_id"]),
        };
        assert_eq!(statement.packed(), Some(field(&case["packed"])), "{case}");
        assert_eq!(statement.stmt(), Some(field(&case["stmt"])), "{case}");
        let (high, low) = split(statement.buyer);
        let input = &case["circuit_input"];
        assert_eq!((high, low), (field(&input["buyer_hi"]), field(&input["buyer_lo"])), "{case}");
        assert_bitmap(statement.bitmap, case);
    }
}

#[test]
fn payment_statements() {
    let file = vectors("payment.json");
    for case in entries(&file, "cases") {
        let values = &case["statement"];
        let statement = PaymentStatement {
            domain: &field(&values["domain"]),
            order_id: number(&values["order_id"]),
            paid_floor_minor_units: number(&values["paid_floor_minor_units"]),
            not_before_unix_s: number(&values["not_before_unix_s"]),
            not_after_unix_s: number(&values["not_after_unix_s"]),
            bitmap: number(&values["bitmap"]),
            payee_commit: &field(&values["payee_commit"]),
            root: &field(&values["root"]),
            line_id: &field(&values["line_id"]),
            nf: &field(&values["nf"]),
        };
        assert_eq!(statement.packed(), Some(field(&case["packed"])), "{case}");
        assert_eq!(statement.stmt(), Some(field(&case["stmt"])), "{case}");
        assert_bitmap(statement.bitmap, case);
    }
}

/// Every honest case is signed by k attestors of its set.
fn assert_bitmap(bitmap: u8, case: &Value) {
    let leaves = 1 << number::<u8>(&case["depth"]);
    assert!(bitmap_is(bitmap, number(&case["k"]), leaves), "{case}");
}

#[test]
fn domains_stand_under_the_tags_of_their_statements() {
    let (deployment, rail, market) = (word(1), word(2), [3; 32]);
    let of = |tag| domain(tag, &deployment, &rail, &market).unwrap();
    assert_ne!(of(generated::TAG_SOLVENCY), of(generated::TAG_PAYMENT));
}
