//! `initialize_config`: begins a deployment.

use account_checks::{all_writable, exactly, log_event};
use layout::{Tagged, U16, U32, bytes};
use market_interface::{
    ID,
    generated::{
        CONFIG_ADDRESS, CONFIG_BUMP, CONFIG_SEED, Config, ConfigInitialized, INITIALIZER,
        InitializeConfigArgs, MarketError, RAILS_MAX, RailEntry,
    },
};
use pinocchio::{AccountView, Address, ProgramResult, cpi::Seed};

use crate::accounts::{arguments, create_own};

/// Creates the config. Its deployment number names this program on this cluster in every statement.
///
/// Own checks, in this order: the signer is the program's initializer; the config is at its address; it does not exist yet.
#[inline(never)]
pub(crate) fn initialize_config(accounts: &mut [AccountView], args: &[u8]) -> ProgramResult {
    let Some([initializer, config, system_program]) = exactly(accounts) else {
        return Err(MarketError::AccountCountMismatch.into());
    };
    let args: &InitializeConfigArgs = arguments(args)?;
    if !initializer.is_signer() {
        return Err(MarketError::SignerMissing.into());
    }
    if !all_writable([initializer, config]) {
        return Err(MarketError::AccountNotWritable.into());
    }
    if system_program.address() != &pinocchio_system::ID {
        return Err(MarketError::SystemProgramMismatch.into());
    }
    if initializer.address() != &INITIALIZER {
        return Err(MarketError::InitializerMismatch.into());
    }
    if config.address() != &CONFIG_ADDRESS {
        return Err(MarketError::ConfigAddressMismatch.into());
    }
    if config.owned_by(&ID) {
        return Err(MarketError::ConfigAlreadyExists.into());
    }
    let deployment = statements::deployment(&args.genesis_hash, ID.as_array())
        .ok_or(MarketError::FieldElementNotCanonical)?;
    let no_rail = RailEntry { provider_id: U32::new(0), iso4217_numeric: U16::new(0), exponent: 0 };
    let value = Config {
        tag: Config::TAG,
        authority: args.authority,
        pending_authority: Address::default(),
        treasury: args.treasury,
        genesis_hash: args.genesis_hash,
        deployment,
        rails_count: 0,
        rails: [no_rail; RAILS_MAX],
    };
    let bump = [CONFIG_BUMP];
    create_own(config, initializer, &[Seed::from(CONFIG_SEED), Seed::from(&bump)], &value)?;
    log_event(bytes(&ConfigInitialized {
        tag: ConfigInitialized::TAG,
        authority: args.authority,
        treasury: args.treasury,
        deployment,
    }));
    Ok(())
}
