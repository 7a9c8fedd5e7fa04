//! `publish_terms`: a market's next terms.

use account_checks::{Pda, all_writable, exactly, log_event};
use groth16_verifier_interface::{ID as GROTH16_VERIFIER_ID, generated::VERIFYING_KEY_TAG};
use groth16_verify::VerifyingKey;
use layout::{Tagged, U32, U64, bytes};
use market_interface::{
    ID,
    generated::{Market, MarketError, PublishTermsArgs, TERMS_SEED, Terms, TermsPublished},
};
use pinocchio::{AccountView, ProgramResult, cpi::Seed, error::ProgramError};

use crate::{
    accounts::{arguments, check_governor, create_own, now, own, own_mut},
    terms::{check, root},
};

/// Creates the terms of the next version and makes them the market's. Asks and orders keep the terms they were made under.
///
/// Own checks, in this order: the config; the signer is its authority; the market; the version follows the current one; the
/// terms are at the address derived from market and version; both verifying keys; the market is not paused; then those of
/// [`check`]. The program computes the attestors' root itself.
#[inline(never)]
pub(crate) fn publish_terms(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([authority, config, market, terms, solvency_key, payment_key, system_program]) =
        exactly(accounts)
    else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &PublishTermsArgs = arguments(args)?;
    if !authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([authority, market, terms]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(MarketError::SystemProgramMismatch.into());
    }
    check_governor(authority, config)?;
    let (current_version, paused) = {
        let market = own::<Market>(market, MarketError::MarketInvalid)?;
        (market.terms_version.get(), market.paused.get())
    };
    let version = args.version;
    if current_version.checked_add(1) != Some(version.get()) {
        return Err(MarketError::TermsVersionMismatch.into());
    }
    let pda = Pda::find(&[TERMS_SEED, market.address().as_ref(), version.as_bytes()], &ID)
        .ok_or(ProgramError::InvalidSeeds)?;
    if terms.address() != &pda.address {
        return Err(MarketError::TermsAddressMismatch.into());
    }
    if !is_key_of_a_statement(solvency_key) || !is_key_of_a_statement(payment_key) {
        return Err(MarketError::VerifyingKeyInvalid.into());
    }
    if paused {
        return Err(MarketError::MarketPaused.into());
    }
    check(args)?;
    let attestor_root = root(args)?;

    let value = Terms {
        tag: Terms::TAG,
        market: *market.address(),
        version,
        solvency_key: *solvency_key.address(),
        payment_key: *payment_key.address(),
        attestor_k: args.attestor_k,
        attestor_n: args.attestor_n,
        attestor_depth: args.attestor_depth,
        attestor_root,
        attestor_keys: args.attestor_keys,
        fee_bps: args.fee_bps,
        reveal_window_s: args.reveal_window_s,
        pay_window_s: args.pay_window_s,
        prove_window_s: args.prove_window_s,
        strikes_max: args.strikes_max,
        cooldown_s: args.cooldown_s,
        free_cancel_grace_s: args.free_cancel_grace_s,
        free_cancel_interval_s: args.free_cancel_interval_s,
        min_ask_atoms: args.min_ask_atoms,
        min_fill_atoms: args.min_fill_atoms,
        published_at_unix_s: U64::new(now()?),
        revoked_at_unix_s: U64::new(0),
        claim_extension_s: U32::new(0),
    };
    let bump = [pda.bump];
    let seeds = [
        Seed::from(TERMS_SEED),
        Seed::from(market.address().as_ref()),
        Seed::from(version.as_bytes()),
        Seed::from(&bump),
    ];
    create_own(terms, authority, &seeds, &value)?;
    own_mut::<Market>(market, MarketError::MarketInvalid)?.terms_version = version;
    log_event(bytes(&TermsPublished {
        tag: TermsPublished::TAG,
        market: *market.address(),
        version,
        attestor_root,
        solvency_key: *solvency_key.address(),
        payment_key: *payment_key.address(),
        fee_bps: args.fee_bps,
    }));
    Ok(())
}

/// Whether groth16_verifier holds this account as a key of one public input, a statement's hash.
fn is_key_of_a_statement(account: &AccountView) -> bool {
    account.owned_by(&GROTH16_VERIFIER_ID)
        && account.try_borrow().is_ok_and(|data| {
            data.strip_prefix(&VERIFYING_KEY_TAG)
                .and_then(|body| VerifyingKey::parse(body).ok())
                .is_some_and(|key| key.public_inputs() == 1)
        })
}
