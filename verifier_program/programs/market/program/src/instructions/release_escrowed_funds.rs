//! `release_escrowed_funds`: pays a confirmed order's tokens to its buyer.

use account_checks::{all_writable, associated_token_address, exactly, load, log_event, token_account};
use layout::{Tagged, U64, bytes};
use market_interface::generated::{
    Ask, FEE_BPS_MAX, FundsReleased, Market, MarketError, ReleaseEscrowedFundsArgs, SolvencyLine, Terms,
};
use order_processor_interface::generated::AUTHORITY_ADDRESS as PROCESSOR_AUTHORITY;
use order_store_interface::{ID as ORDER_STORE, Status, generated::MatchedOrder};
use pinocchio::{AccountView, Address, ProgramResult, error::ProgramError};
use quantities::{BaseAtoms, FeeBps, FiatMinorUnits, fee_floor, released_floor};

use crate::{
    accounts::{AskSigner, arguments, check_vault, now, own, own_mut},
    ask::release,
    line::{settle, strike},
};

/// Pays what the payment covers, less the fee, to the buyer's associated token account; the rest is the seller's again. Frees what
/// the line reserved, makes its older attestations stale, and counts a strike when less was paid than was due.
///
/// Own checks, in this order: the token program; the authority's address; the order is one of order_store's; the market is the
/// order's; the terms are the market's, and of the order's version; the ask is the order's, and the market's; the vault is the
/// ask's; the line is the order's; the token account is the buyer's associated one, initialized, of the market's mint and still
/// the buyer's own; the order is PaymentConfirmed.
#[inline(never)]
pub(crate) fn release_escrowed_funds(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some(
        [
            processor_authority,
            market,
            terms,
            order_account,
            ask_account,
            vault,
            line,
            buyer_token,
            token_program,
        ],
    ) = exactly(accounts)
    else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &ReleaseEscrowedFundsArgs = arguments(args)?;
    if !processor_authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([ask_account, vault, line, buyer_token]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if token_program.address() != &pinocchio_token::ID {
        return Err(MarketError::TokenProgramMismatch.into());
    }
    if processor_authority.address() != &PROCESSOR_AUTHORITY {
        return Err(MarketError::AuthorityAddressMismatch.into());
    }
    let order = load::<MatchedOrder>(order_account, &ORDER_STORE).ok_or(MarketError::OrderInvalid)?;
    let market_address = market.address();
    let market = own::<Market>(market, MarketError::MarketInvalid)?;
    if &order.market != market_address {
        return Err(MarketError::OrderOfAnotherAsk.into());
    }
    let terms = own::<Terms>(terms, MarketError::TermsInvalid)?;
    if &terms.market != market_address {
        return Err(MarketError::TermsOfAnotherMarket.into());
    }
    if terms.version != order.terms_version {
        return Err(MarketError::TermsVersionMismatch.into());
    }
    let ask_address = *ask_account.address();
    let mut ask = own_mut::<Ask>(ask_account, MarketError::AskInvalid)?;
    if order.ask != ask_address {
        return Err(MarketError::OrderOfAnotherAsk.into());
    }
    if &ask.market != market_address {
        return Err(MarketError::AskOfAnotherMarket.into());
    }
    check_vault(&ask, vault)?;
    let mut line = own_mut::<SolvencyLine>(line, MarketError::LineInvalid)?;
    if line.line_id != order.line_id {
        return Err(MarketError::OrderOfAnotherAsk.into());
    }
    check_buyer_token(buyer_token, &order.buyer, &market.base_mint)?;
    if order.status != Status::PaymentConfirmed as u8 {
        return Err(MarketError::OrderStatusMismatch.into());
    }

    let base = BaseAtoms(order.base_atoms.get());
    let due = FiatMinorUnits(order.due_minor_units.get());
    let paid = FiatMinorUnits(args.paid_floor_minor_units.get());
    let fee_bps = FeeBps::at_most(terms.fee_bps.get(), FEE_BPS_MAX as u16);
    let fee_bps = fee_bps.ok_or(MarketError::ArithmeticOverflow)?;
    let Payout { to_buyer, fee, rest } =
        payout(base, paid, due, fee_bps).ok_or(MarketError::ArithmeticOverflow)?;
    release(&mut ask, base, to_buyer, fee).ok_or(MarketError::ArithmeticOverflow)?;
    let now = now()?;
    settle(&mut line, due, now).ok_or(MarketError::ArithmeticOverflow)?;
    if paid < due {
        strike(&mut line, terms.strikes_max, terms.cooldown_s.get(), now)
            .ok_or(MarketError::ArithmeticOverflow)?;
    }
    let signer = AskSigner::of(&ask);
    drop(ask);
    signer.pay(ask_account, vault, buyer_token, to_buyer)?;
    log_event(bytes(&FundsReleased {
        tag: FundsReleased::TAG,
        order: *order_account.address(),
        ask: ask_address,
        buyer_atoms: U64::new(to_buyer.0),
        fee_atoms: U64::new(fee.0),
        returned_atoms: U64::new(rest.0),
    }));
    Ok(())
}

/// Where an order's tokens go.
struct Payout {
    to_buyer: BaseAtoms,
    fee: BaseAtoms,
    rest: BaseAtoms,
}

#[inline(always)]
fn payout(base: BaseAtoms, paid: FiatMinorUnits, due: FiatMinorUnits, fee_bps: FeeBps) -> Option<Payout> {
    let released = released_floor(base, paid, due)?;
    let fee = fee_floor(released, fee_bps);
    Some(Payout { to_buyer: released.checked_sub(fee)?, fee, rest: base.checked_sub(released)? })
}

/// Checks that the tokens reach the buyer: an associated token account is found by its address, but its owner may have given it
/// away since.
#[inline(always)]
fn check_buyer_token(account: &AccountView, buyer: &Address, mint: &Address) -> ProgramResult {
    let expected = associated_token_address(buyer, mint).ok_or(ProgramError::InvalidSeeds)?;
    if account.address() != &expected {
        return Err(MarketError::TokenAccountAddressMismatch.into());
    }
    let token = token_account(account).ok_or(MarketError::TokenAccountInvalid)?;
    if token.mint() != mint {
        return Err(MarketError::TokenAccountMintMismatch.into());
    }
    if token.owner() != buyer {
        return Err(MarketError::TokenAccountOwnerMismatch.into());
    }
    Ok(())
}
