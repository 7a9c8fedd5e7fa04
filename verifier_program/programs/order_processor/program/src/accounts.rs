//! What several instructions do with accounts and arguments, each refusal with an error of its own.

use account_checks::load;
use layout::{Plain, Tagged, view};
use market_interface::generated::{Ask, ID as MARKET, Market, SolvencyLine, Terms};
use order_processor_interface::{
    OrderProcessorError,
    generated::{AUTHORITY_ADDRESS, AUTHORITY_BUMP, AUTHORITY_SEED},
};
use order_store_interface::{ID as ORDER_STORE, Status, generated::MatchedOrder};
use pinocchio::{
    AccountView, Address, ProgramResult,
    account::Ref,
    cpi::{Seed, Signer},
};

/// The arguments of an instruction, read in place.
#[inline(always)]
pub(crate) fn arguments<T: Plain>(data: &[u8]) -> Result<&T, OrderProcessorError> {
    view(data).ok_or(OrderProcessorError::InstructionDataLengthMismatch)
}

/// The cluster's clock.
#[inline(always)]
pub(crate) fn now() -> Result<u64, OrderProcessorError> {
    account_checks::now().ok_or(OrderProcessorError::ClockOutOfRange)
}

/// Checks that the account is this program's own authority.
#[inline(always)]
pub(crate) fn check_authority(account: &AccountView) -> Result<(), OrderProcessorError> {
    if account.address() != &AUTHORITY_ADDRESS {
        return Err(OrderProcessorError::AuthorityAddressMismatch);
    }
    Ok(())
}

/// Checks that each account is the program beside it.
#[inline(always)]
pub(crate) fn check_programs<const N: usize>(
    programs: [(&AccountView, &Address); N],
) -> Result<(), OrderProcessorError> {
    if programs.into_iter().any(|(account, id)| account.address() != id) {
        return Err(OrderProcessorError::ProgramMismatch);
    }
    Ok(())
}

/// Checks that the account is the classic SPL Token program.
#[inline(always)]
pub(crate) fn check_token_program(account: &AccountView) -> Result<(), OrderProcessorError> {
    if account.address() != &pinocchio_token::ID {
        return Err(OrderProcessorError::TokenProgramMismatch);
    }
    Ok(())
}

/// Checks that the account is the system program.
#[inline(always)]
pub(crate) fn check_system_program(account: &AccountView) -> Result<(), OrderProcessorError> {
    if account.address() != &pinocchio_system::ID {
        return Err(OrderProcessorError::SystemProgramMismatch);
    }
    Ok(())
}

/// An order. order_store creates orders only, and only at the market's word, so that its owner and tag make it a true one.
#[inline(always)]
pub(crate) fn order(account: &AccountView) -> Result<Ref<'_, MatchedOrder>, OrderProcessorError> {
    load(account, &ORDER_STORE).ok_or(OrderProcessorError::OrderInvalid)
}

/// Checks that the order is in this status.
#[inline(always)]
pub(crate) fn check_status(order: &MatchedOrder, status: Status) -> Result<(), OrderProcessorError> {
    if order.status != status as u8 {
        return Err(OrderProcessorError::OrderStatusMismatch);
    }
    Ok(())
}

/// The order's market.
#[inline(always)]
pub(crate) fn market_of<'a>(
    order: &MatchedOrder,
    account: &'a AccountView,
) -> Result<Ref<'a, Market>, OrderProcessorError> {
    of_market(account, |_| account.address() == &order.market).ok_or(OrderProcessorError::MarketMismatch)
}

/// The order's terms: there is one account of a market and a version.
#[inline(always)]
pub(crate) fn terms_of<'a>(
    order: &MatchedOrder,
    account: &'a AccountView,
) -> Result<Ref<'a, Terms>, OrderProcessorError> {
    of_market(account, |terms: &Terms| terms.market == order.market && terms.version == order.terms_version)
        .ok_or(OrderProcessorError::TermsMismatch)
}

/// The order's ask.
#[inline(always)]
pub(crate) fn ask_of<'a>(
    order: &MatchedOrder,
    account: &'a AccountView,
) -> Result<Ref<'a, Ask>, OrderProcessorError> {
    of_market(account, |_| account.address() == &order.ask).ok_or(OrderProcessorError::AskMismatch)
}

/// The order's solvency line: there is one account of a line_id.
#[inline(always)]
pub(crate) fn line_of<'a>(
    order: &MatchedOrder,
    account: &'a AccountView,
) -> Result<Ref<'a, SolvencyLine>, OrderProcessorError> {
    of_market(account, |line: &SolvencyLine| line.line_id == order.line_id)
        .ok_or(OrderProcessorError::LineMismatch)
}

/// Runs `call` with the seeds of this program's authority.
#[inline(always)]
pub(crate) fn sign(call: impl FnOnce(&[Signer]) -> ProgramResult) -> ProgramResult {
    let bump = [AUTHORITY_BUMP];
    let seeds = [Seed::from(AUTHORITY_SEED), Seed::from(&bump)];
    call(&[Signer::from(&seeds)])
}

#[inline(always)]
fn of_market<'a, T: Tagged>(
    account: &'a AccountView,
    belongs: impl FnOnce(&T) -> bool,
) -> Option<Ref<'a, T>> {
    load(account, &MARKET).filter(|loaded: &Ref<'a, T>| belongs(loaded))
}
