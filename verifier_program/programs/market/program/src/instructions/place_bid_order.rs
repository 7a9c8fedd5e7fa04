//! `place_bid_order`: matches a bid that proves solvency.

use account_checks::{Pda, all_sign, all_writable, create, exactly, log_event};
use groth16_verifier_interface::Verify;
use layout::{Tagged, U64, bytes, new_account};
use market_interface::{
    ID,
    generated::{
        AUTHORITY_ADDRESS, AUTHORITY_BUMP, AUTHORITY_SEED, Ask, BidMatched, ISSUED_MIN_AGE_MAX_S,
        ISSUED_MIN_AGE_MIN_S, LINE_SEED, Market, MarketError, PlaceBidOrderArgs, SolvencyLine, Terms,
    },
};
use order_book::{
    BookError, Entry,
    matching::{Bid, Leaf, Match, Refusal, best_match},
};
use order_store_interface::{StoreMatchedOrder, generated::StoreMatchedOrderArgs};
use pinocchio::{
    AccountView, Address, ProgramResult,
    cpi::{Seed, Signer},
    error::ProgramError,
};
use quantities::{BaseAtoms, BaseDecimals, FiatMinorUnits, Price, due_ceil};
use statements::{SolvencyStatement, bitmap_is, is_canonical};

use crate::{
    accounts::{arguments, now, own, own_mut},
    ask::lock,
    book::{LEAF_BYTES, Leaves, book_data, code, leaf, leaf_mut, open},
    line::{self, reserve},
    reveal_key,
};

/// Takes the best ask's tokens for the buyer, at the ask's price, reserves what is due on his line and stores the order. Whoever
/// pays for the accounts may be another than the buyer.
///
/// Own checks, in this order: the addresses of groth16_verifier, order_store, the system program and the market's authority; the
/// market; the terms are its; the solvency key is theirs; the book is the market's; the ask is; the line, which may not exist yet. The market is not paused; the
/// terms are the current ones and not revoked; `line_id` is less than r; the seller can seal the payee to the reveal key; amount
/// and limit price are at least 1, and the smallest fill is not above the amount; the bitmap names k of n attestors; the
/// attestation's window begins neither too long nor too short a time ago, and not until `CLOCK_SKEW_S` after the line's last
/// settlement; the line is not cooling down; an ask matches, and it is the one given; what is due fits, and the balance covers it beside what is reserved already. The dearest is the last: the proof, under
/// the terms' key, of the statement that is rebuilt here from the state of market, terms and line. It names the buyer and the
/// line's next sequence number, so that nobody can use it for himself, or twice. order_store checks the order's address.
#[inline(never)]
pub(crate) fn place_bid_order(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some(
        [
            buyer,
            payer,
            market_account,
            terms,
            book_account,
            ask_account,
            line_account,
            order,
            solvency_key,
            market_authority,
            groth16_verifier,
            order_store,
            system_program,
        ],
    ) = exactly(accounts)
    else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &PlaceBidOrderArgs = arguments(args)?;
    if !all_sign([buyer, payer]) {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([payer, market_account, book_account, ask_account, line_account, order]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if groth16_verifier.address() != &groth16_verifier_interface::ID
        || order_store.address() != &order_store_interface::ID
    {
        return Err(MarketError::ProgramMismatch.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(MarketError::SystemProgramMismatch.into());
    }
    if market_authority.address() != &AUTHORITY_ADDRESS {
        return Err(MarketError::AuthorityAddressMismatch.into());
    }
    let market_address = *market_account.address();
    let mut market = own_mut::<Market>(market_account, MarketError::MarketInvalid)?;
    let terms = own::<Terms>(terms, MarketError::TermsInvalid)?;
    if terms.market != market_address {
        return Err(MarketError::TermsOfAnotherMarket.into());
    }
    if solvency_key.address() != &terms.solvency_key {
        return Err(MarketError::SolvencyKeyMismatch.into());
    }
    if book_account.address() != &market.book {
        return Err(MarketError::BookAddressMismatch.into());
    }
    let mut book_data = book_data(book_account)?;
    let leaves = open(&mut book_data)?.leaves;
    let ask_address = *ask_account.address();
    let mut ask = own_mut::<Ask>(ask_account, MarketError::AskInvalid)?;
    if ask.market != market_address {
        return Err(MarketError::AskOfAnotherMarket.into());
    }
    let (mut line, line_is_new) = line_of(line_account, &args.line_id)?;

    if market.paused.get() {
        return Err(MarketError::MarketPaused.into());
    }
    if terms.version != market.terms_version {
        return Err(MarketError::TermsVersionMismatch.into());
    }
    if terms.revoked_at_unix_s.get() != 0 {
        return Err(MarketError::TermsRevoked.into());
    }
    if !is_canonical(&args.line_id) {
        return Err(MarketError::FieldElementNotCanonical.into());
    }
    if !reveal_key::is_usable(&args.reveal_key) {
        return Err(MarketError::RevealKeyInvalid.into());
    }
    let now = now()?;
    let bid = bid(args, market.terms_version.get(), now, buyer.address())?;
    if !bitmap_is(args.bitmap, terms.attestor_k, terms.attestor_n) {
        return Err(MarketError::BitmapInvalid.into());
    }
    check_freshness(args.issued_min_unix_s.get(), now, &line)?;
    let Match { key, fill } = best_ask(leaves, &bid)?;
    let leaf = leaf_mut(leaves.get_mut(key).map_err(code)?)?;
    if leaf.ask != ask_address {
        return Err(MarketError::MatchedAskMismatch.into());
    }
    let price = Price::new(key.price).ok_or(MarketError::BookCorrupt)?;
    let decimals = BaseDecimals::new(market.base_decimals).ok_or(MarketError::ArithmeticOverflow)?;
    let due = due_ceil(fill, price, decimals).ok_or(MarketError::DueOutOfRange)?;
    let paid_min = due_ceil(fill.min(BaseAtoms(leaf.min_fill_atoms.get())), price, decimals)
        .ok_or(MarketError::DueOutOfRange)?;
    let seq = line.seq;
    reserve(&mut line, due, FiatMinorUnits(args.covered_minor_units.get()))
        .ok_or(MarketError::CoverageExceeded)?;
    let stmt = SolvencyStatement {
        domain: &market.domain_solvency,
        buyer: buyer.address().as_array(),
        covered_minor_units: args.covered_minor_units.get(),
        seq: seq.get(),
        issued_min_unix_s: args.issued_min_unix_s.get(),
        bitmap: args.bitmap,
        root: &terms.attestor_root,
        line_id: &args.line_id,
    }
    .stmt()
    .ok_or(MarketError::FieldElementNotCanonical)?;
    Verify {
        verifying_key: solvency_key,
        expected_verifying_key: &terms.solvency_key,
        proof: &args.proof,
        public_inputs: &[stmt],
    }
    .invoke()?;

    if line_is_new {
        let seeds =
            [Seed::from(LINE_SEED), Seed::from(&line.line_id), Seed::from(core::slice::from_ref(&line.bump))];
        create(line_account, size_of::<SolvencyLine>(), &ID, payer, &seeds)?;
    }
    new_account(&mut line_account.try_borrow_mut()?, &line).ok_or(ProgramError::AccountDataTooSmall)?;
    let open =
        lock(&mut ask, BaseAtoms(leaf.open_atoms.get()), fill).ok_or(MarketError::ArithmeticOverflow)?;
    leaf.open_atoms = U64::new(open.0);
    let (seller, payee_commit) = (leaf.seller, leaf.payee_commit);
    if open == BaseAtoms::ZERO {
        leaves.remove(key).map_err(code)?;
    }
    let order_id = market.next_order_id;
    market.next_order_id = U64::new(order_id.get().checked_add(1).ok_or(MarketError::ArithmeticOverflow)?);
    let reveal_by =
        now.checked_add(terms.reveal_window_s.get().into()).ok_or(MarketError::ArithmeticOverflow)?;
    StoreMatchedOrder {
        market_authority,
        payer,
        order,
        system_program,
        args: StoreMatchedOrderArgs {
            market: market_address,
            order_id,
            buyer: *buyer.address(),
            seller,
            ask: ask_address,
            line_id: args.line_id,
            seq,
            base_atoms: U64::new(fill.0),
            price: U64::new(price.get()),
            due_minor_units: U64::new(due.0),
            paid_min_minor_units: U64::new(paid_min.0),
            payee_commit,
            terms_version: terms.version,
            matched_at_unix_s: U64::new(now),
            reveal_by_unix_s: U64::new(reveal_by),
            reveal_key: args.reveal_key,
        },
    }
    .invoke_signed(&[Signer::from(&[Seed::from(AUTHORITY_SEED), Seed::from(&[AUTHORITY_BUMP])])])?;
    log_event(bytes(&BidMatched {
        tag: BidMatched::TAG,
        market: market_address,
        order: *order.address(),
        order_id,
        ask: ask_address,
        buyer: *buyer.address(),
        line_id: args.line_id,
        seq,
        base_atoms: U64::new(fill.0),
        price: U64::new(price.get()),
        due_minor_units: U64::new(due.0),
    }));
    Ok(())
}

/// The line as it stands, and whether its account has still to be created.
///
/// Only this program creates accounts of its own, and lines only at their canonical addresses: an existing one is known by its
/// tag and its name. The address of a new one is derived here.
#[inline(always)]
fn line_of(account: &AccountView, line_id: &[u8; 32]) -> Result<(SolvencyLine, bool), ProgramError> {
    if account.owned_by(&ID) {
        let line = own::<SolvencyLine>(account, MarketError::LineInvalid)?;
        if &line.line_id != line_id {
            return Err(MarketError::LineAddressMismatch.into());
        }
        return Ok((*line, false));
    }
    let pda = Pda::find(&[LINE_SEED, line_id], &ID).ok_or(ProgramError::InvalidSeeds)?;
    if account.address() != &pda.address {
        return Err(MarketError::LineAddressMismatch.into());
    }
    Ok((line::new(line_id, pda.bump), true))
}

/// What matching reads of the arguments.
#[inline(always)]
fn bid<'a>(
    args: &PlaceBidOrderArgs,
    terms_version: u32,
    now_unix_s: u64,
    buyer: &'a Address,
) -> Result<Bid<'a>, MarketError> {
    let (atoms, min_fill) = (BaseAtoms(args.base_atoms.get()), BaseAtoms(args.min_fill_atoms.get()));
    if atoms == BaseAtoms::ZERO {
        return Err(MarketError::AmountZero);
    }
    let limit = Price::new(args.limit_price.get()).ok_or(MarketError::PriceZero)?;
    if min_fill > atoms {
        return Err(MarketError::MinFillAboveAmount);
    }
    Ok(Bid { limit, atoms, min_fill, terms_version, now_unix_s, buyer: buyer.as_array() })
}

/// Checks when the attestation's window begins. The circuit holds the attestation's own time inside that window.
#[inline(always)]
fn check_freshness(issued_min: u64, now: u64, line: &SolvencyLine) -> Result<(), MarketError> {
    match now.checked_sub(issued_min) {
        Some(age) if age > ISSUED_MIN_AGE_MAX_S as u64 => return Err(MarketError::IssuedMinTooOld),
        Some(age) if age >= ISSUED_MIN_AGE_MIN_S as u64 => (),
        _ => return Err(MarketError::IssuedMinTooYoung),
    }
    if issued_min < line.fresh_after_unix_s.get() {
        return Err(MarketError::AttestationBeforeSettlement);
    }
    if now < line.cooldown_until_unix_s.get() {
        return Err(MarketError::LineCoolingDown);
    }
    Ok(())
}

/// The leaf that the bid takes.
#[inline(always)]
fn best_ask(leaves: &Leaves, bid: &Bid) -> Result<Match, MarketError> {
    let leaves = leaves.iter().map(|entry| offer(entry?).map_err(|_| BookError::Corrupted));
    best_match(leaves, bid).map_err(|refusal| match refusal {
        Refusal::BookEmpty | Refusal::PriceAboveLimit | Refusal::NoEligibleLeaf => MarketError::NoAskMatches,
        Refusal::Book(error) => code(error),
    })
}

/// What matching reads of a leaf.
#[inline(always)]
fn offer(entry: Entry<'_, LEAF_BYTES>) -> Result<Leaf<'_>, MarketError> {
    let leaf = leaf(entry.payload)?;
    Ok(Leaf {
        key: entry.key,
        open: BaseAtoms(leaf.open_atoms.get()),
        min_fill: BaseAtoms(leaf.min_fill_atoms.get()),
        terms_version: leaf.terms_version.get(),
        expiry_unix_s: leaf.expiry_unix_s.get(),
        seller: leaf.seller.as_array(),
    })
}
