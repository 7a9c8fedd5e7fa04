//! `place_ask_order`: deposits tokens and lists them.

use account_checks::{Pda, all_writable, create, exactly, log_event, token_account};
use layout::{Flag, Tagged, U32, U64, bytes};
use market_interface::{
    ID,
    generated::{
        ASK_SEED, Ask, AskPlaced, BookLeaf, Market, MarketError, PlaceAskOrderArgs, Terms, VAULT_SEED,
    },
};
use pinocchio::{AccountView, Address, ProgramResult, cpi::Seed, error::ProgramError};
use pinocchio_token::{
    instructions::{InitializeAccount3, Transfer},
    state::Account as TokenAccount,
};
use quantities::BaseAtoms;
use statements::is_canonical;

use crate::{
    accounts::{arguments, check_current_terms, create_own, now, own},
    ask::deposit,
    listing::list,
    offer::Offer,
};

/// Creates the ask and its vault, moves the deposit into the vault, and puts a leaf in the book, behind those of its price.
///
/// Own checks, in this order: the market; the terms, and that they are the market's; the book is the market's; the mint is the
/// market's; the seller's token account, its mint and its owner; ask and vault are at their derived addresses; the ask does not exist
/// yet; the market is not paused; the terms are the ones the seller names, the current ones, and not revoked; the commitment is a
/// field element; then those of [`Offer::check`]; there is room in the book, or it is made as [`list`] says; the vault gains exactly the deposit.
#[inline(never)]
pub(crate) fn place_ask_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some(
        [
            seller,
            market,
            terms,
            book,
            ask,
            vault,
            seller_token,
            base_mint,
            evicted,
            token_program,
            system_program,
        ],
    ) = exactly(accounts)
    else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &PlaceAskOrderArgs = arguments(args)?;
    if !seller.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([seller, book, ask, vault, seller_token, evicted]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if token_program.address() != &pinocchio_token::ID {
        return Err(MarketError::TokenProgramMismatch.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(MarketError::SystemProgramMismatch.into());
    }

    let market_address = *market.address();
    let market = own::<Market>(market, MarketError::MarketInvalid)?;
    let terms = own::<Terms>(terms, MarketError::TermsInvalid)?;
    if terms.market != market_address {
        return Err(MarketError::TermsOfAnotherMarket.into());
    }
    if book.address() != &market.book {
        return Err(MarketError::BookAddressMismatch.into());
    }
    if base_mint.address() != &market.base_mint {
        return Err(MarketError::MintMismatch.into());
    }
    check_source(seller_token, base_mint.address(), seller.address())?;
    let ask_seeds =
        [ASK_SEED, market_address.as_ref(), seller.address().as_ref(), args.client_nonce.as_bytes()];
    let ask_pda = Pda::find(&ask_seeds, &ID).ok_or(ProgramError::InvalidSeeds)?;
    if ask.address() != &ask_pda.address {
        return Err(MarketError::AskAddressMismatch.into());
    }
    let vault_pda =
        Pda::find(&[VAULT_SEED, ask.address().as_ref()], &ID).ok_or(ProgramError::InvalidSeeds)?;
    if vault.address() != &vault_pda.address {
        return Err(MarketError::VaultAddressMismatch.into());
    }
    if ask.owned_by(&ID) {
        return Err(MarketError::AskAlreadyExists.into());
    }

    check_current_terms(&market, &terms, args.terms_version)?;
    if !is_canonical(&args.payee_commit) {
        return Err(MarketError::FieldElementNotCanonical.into());
    }
    Offer {
        base_atoms: args.base_atoms.get(),
        min_fill_atoms: args.min_fill_atoms.get(),
        price: args.price.get(),
        expiry_unix_s: args.expiry_unix_s.get(),
    }
    .check(&terms, market.base_decimals, now()?)?;

    let leaf = BookLeaf {
        ask: ask_pda.address,
        seller: *seller.address(),
        open_atoms: args.base_atoms,
        min_fill_atoms: args.min_fill_atoms,
        payee_commit: args.payee_commit,
        terms_version: args.terms_version,
        expiry_unix_s: args.expiry_unix_s,
    };
    let sequence = list(book, evicted, &leaf, args.price.get())?;
    let mut value = Ask {
        tag: Ask::TAG,
        market: market_address,
        seller: *seller.address(),
        vault: vault_pda.address,
        client_nonce: args.client_nonce,
        price: args.price,
        min_fill_atoms: args.min_fill_atoms,
        payee_commit: args.payee_commit,
        reveal_delegate: args.reveal_delegate,
        terms_version: args.terms_version,
        expiry_unix_s: args.expiry_unix_s,
        sequence,
        listed: Flag::new(false),
        bump: ask_pda.bump,
        vault_bump: vault_pda.bump,
        live_orders: U32::new(0),
        deposited_atoms: U64::new(0),
        locked_atoms: U64::new(0),
        released_atoms: U64::new(0),
        fees_atoms: U64::new(0),
        fee_owed_atoms: U64::new(0),
        returned_atoms: U64::new(0),
        withdrawn_atoms: U64::new(0),
    };
    deposit(&mut value, BaseAtoms(args.base_atoms.get())).ok_or(MarketError::ArithmeticOverflow)?;
    let bump = [ask_pda.bump];
    let seeds = [
        Seed::from(ASK_SEED),
        Seed::from(market_address.as_ref()),
        Seed::from(seller.address().as_ref()),
        Seed::from(args.client_nonce.as_bytes()),
        Seed::from(&bump),
    ];
    create_own(ask, seller, &seeds, &value)?;
    create_vault(vault, vault_pda.bump, ask.address(), seller, base_mint)?;
    transfer_exactly(seller_token, vault, seller, args.base_atoms.get())?;
    log_event(bytes(&AskPlaced {
        tag: AskPlaced::TAG,
        market: market_address,
        ask: ask_pda.address,
        seller: *seller.address(),
        base_atoms: args.base_atoms,
        price: args.price,
        sequence,
    }));
    Ok(())
}

/// Checks the account that the deposit comes from.
#[inline(always)]
fn check_source(source: &AccountView, mint: &Address, owner: &Address) -> Result<(), MarketError> {
    let source = token_account(source).ok_or(MarketError::TokenAccountInvalid)?;
    if source.mint() != mint {
        return Err(MarketError::TokenAccountMintMismatch);
    }
    if source.owner() != owner {
        return Err(MarketError::TokenAccountOwnerMismatch);
    }
    Ok(())
}

/// Creates the ask's vault: a token account of the mint that the ask owns.
#[inline(always)]
fn create_vault(
    vault: &mut AccountView,
    bump: u8,
    ask: &Address,
    payer: &AccountView,
    mint: &AccountView,
) -> ProgramResult {
    let bump = [bump];
    let seeds = [Seed::from(VAULT_SEED), Seed::from(ask.as_ref()), Seed::from(&bump)];
    create(vault, TokenAccount::LEN, &pinocchio_token::ID, payer, &seeds)?;
    InitializeAccount3 { account: vault, mint, owner: ask }.invoke()
}

/// Moves the deposit, and checks that exactly so much arrived.
#[inline(always)]
fn transfer_exactly(
    source: &AccountView,
    vault: &AccountView,
    owner: &AccountView,
    amount: u64,
) -> ProgramResult {
    let before = balance(vault)?;
    Transfer::new(source, vault, owner, amount).invoke()?;
    if balance(vault)?.checked_sub(before) != Some(amount) {
        return Err(MarketError::DepositMismatch.into());
    }
    Ok(())
}

#[inline(always)]
fn balance(vault: &AccountView) -> Result<u64, MarketError> {
    Ok(token_account(vault).ok_or(MarketError::TokenAccountInvalid)?.amount())
}
