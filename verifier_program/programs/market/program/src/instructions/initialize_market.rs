//! `initialize_market`: creates a market and its book.

use account_checks::{Pda, all_writable, create, exactly, log_event, mint};
use layout::{Flag, Tagged, U32, U64, bytes};
use market_interface::{
    ID,
    generated::{
        BOOK_GROWTH_BYTES, BOOK_SEED, InitializeMarketArgs, MARKET_SEED, Market, MarketError,
        MarketInitialized,
    },
};
use pinocchio::{AccountView, Address, ProgramResult, cpi::Seed, error::ProgramError};
use quantities::BaseDecimals;
use statements::{
    domain,
    generated::{TAG_PAYMENT, TAG_SOLVENCY},
    rail as rail_number,
};

use crate::{
    accounts::{arguments, config as read_config, create_own, own_mut},
    book,
    rails::{check_rail, register},
};

/// Creates the market of a mint and a rail, and its book, as long as one instruction can make it.
///
/// Own checks, in this order: the config; the signer is its authority; the mint is one of the classic token program, of at
/// most 12 decimals; the rail is valid; market and book are at the addresses derived from mint and rail; the market does not exist
/// yet; the rail's exponent is the one listed, or there is room to list it.
#[inline(never)]
pub(crate) fn initialize_market(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([authority, config, base_mint, market, book, system_program]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &InitializeMarketArgs = arguments(args)?;
    if !authority.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([authority, config, market, book]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(MarketError::SystemProgramMismatch.into());
    }
    let deployment = {
        let config = read_config(config)?;
        if authority.address() != &config.authority {
            return Err(MarketError::GovernorMismatch.into());
        }
        config.deployment
    };
    let decimals = mint(base_mint).ok_or(MarketError::MintInvalid)?.decimals();
    BaseDecimals::new(decimals).ok_or(MarketError::MintDecimalsTooMany)?;
    let (provider_id, iso4217_numeric) = (args.provider_id.get(), args.iso4217_numeric.get());
    check_rail(provider_id, iso4217_numeric, args.exponent)?;
    let rail = rail_number(provider_id, iso4217_numeric, args.exponent).ok_or(MarketError::RailInvalid)?;

    let market_pda = Pda::find(&[MARKET_SEED, base_mint.address().as_ref(), &rail], &ID)
        .ok_or(ProgramError::InvalidSeeds)?;
    if market.address() != &market_pda.address {
        return Err(MarketError::MarketAddressMismatch.into());
    }
    let book_pda =
        Pda::find(&[BOOK_SEED, market.address().as_ref()], &ID).ok_or(ProgramError::InvalidSeeds)?;
    if book.address() != &book_pda.address {
        return Err(MarketError::BookAddressMismatch.into());
    }
    if market.owned_by(&ID) {
        return Err(MarketError::MarketAlreadyExists.into());
    }
    register(
        &mut *own_mut(config, MarketError::ConfigNotInitialized)?,
        provider_id,
        iso4217_numeric,
        args.exponent,
    )?;

    let domain_of = |tag| {
        domain(tag, &deployment, &rail, market_pda.address.as_array())
            .ok_or(MarketError::FieldElementNotCanonical)
    };
    let value = Market {
        tag: Market::TAG,
        base_mint: *base_mint.address(),
        rail,
        book: book_pda.address,
        domain_solvency: domain_of(TAG_SOLVENCY)?,
        domain_payment: domain_of(TAG_PAYMENT)?,
        provider_id: args.provider_id,
        iso4217_numeric: args.iso4217_numeric,
        exponent: args.exponent,
        base_decimals: decimals,
        bump: market_pda.bump,
        paused: Flag::new(false),
        terms_version: U32::new(0),
        next_order_id: U64::new(1),
    };
    let bump = [market_pda.bump];
    let seeds = [
        Seed::from(MARKET_SEED),
        Seed::from(base_mint.address().as_ref()),
        Seed::from(&rail),
        Seed::from(&bump),
    ];
    create_own(market, authority, &seeds, &value)?;
    create_book(book, authority, &market_pda.address, book_pda.bump)?;
    log_event(bytes(&MarketInitialized {
        tag: MarketInitialized::TAG,
        market: market_pda.address,
        base_mint: *base_mint.address(),
        rail,
    }));
    Ok(())
}

#[inline(always)]
fn create_book(book: &mut AccountView, payer: &AccountView, market: &Address, bump: u8) -> ProgramResult {
    let bump = [bump];
    let seeds = [Seed::from(BOOK_SEED), Seed::from(market.as_ref()), Seed::from(&bump)];
    create(book, BOOK_GROWTH_BYTES, &ID, payer, &seeds)?;
    book::begin(&mut book.try_borrow_mut()?, market)?;
    Ok(())
}
