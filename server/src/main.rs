//! The `hubbub` binary: parse, start telemetry, call `run`.

use std::{io::IsTerminal as _, process::ExitCode, time::Duration};

use rustix::process::{Resource, getrlimit, setrlimit};
use server::{
    ADDR, Clock, Config, ConfigError, StartError, Verb, listen, listen_to_signals, migrate,
    reset_password, run, set_role, start_log,
    store::migrate::{MoveProgress, MoveReport},
    verify,
};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit status of a mistake on the command line or in the settings, as clap has it: starting again changes nothing.
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::load(std::env::args_os()) {
        Ok(config) => config,
        Err(ConfigError::Clap(why)) => why.exit(),
        Err(why) => {
            fail(&why);
            return ExitCode::from(USAGE);
        }
    };
    start_log(config.serve.log_json);
    for name in Config::unknown_variables() {
        tracing::warn!(
            name,
            "this variable sets nothing; `hubbub --help` lists those that do"
        );
    }
    let done = match config.verb {
        Verb::Serve => serve(config).await,
        Verb::Verify => return check(&config).await,
        Verb::Config => return print(),
        Verb::ResetPassword => return change_password(&config).await,
        Verb::SetRole => return change_role(&config).await,
        Verb::Migrate => return move_store(&config).await,
    };
    done.map_or_else(|why| fail(&why), |()| ExitCode::SUCCESS)
}

async fn serve(config: Config) -> Result<(), StartError> {
    let addr = config.serve.addr;
    let setting = ADDR;
    let fail = |why| StartError::Listen { addr, setting, why };
    raise_descriptors();
    tokio::spawn(give_memory_back());
    let listener = listen(addr, setting)?;
    let at = listener.local_addr().map_err(fail)?;
    let shutdown = CancellationToken::new();
    listen_to_signals(shutdown.clone()).map_err(fail)?;
    run(config, Clock::system(), listener, shutdown, move || {
        say(&format!("listening on http://{at}"));
    })
    .await
}

/// A connection is a descriptor, and systems start programs with 1,024 of them and let those that want more say so.
fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(why) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%why, "the limit of file descriptors stays as it was");
    }
}

/// What thousands needed to come, or to be written to, the allocator keeps for the next: it gives back what was free for a second only
/// when it is asked, and an idle server asks for nothing.
async fn give_memory_back() {
    let mut tick = interval(Duration::from_secs(1));
    loop {
        tick.tick().await;
        #[expect(unsafe_code, reason = "the allocator's own call has no safe name")]
        // SAFETY: it takes no pointer, and may be called from any thread at any time.
        unsafe {
            libmimalloc_sys::mi_collect(false);
        }
    }
}

async fn check(config: &Config) -> ExitCode {
    match verify(config).await {
        Ok(report) => {
            if let Some(unsummed @ 1..) = report.unsummed {
                say(&format!(
                    "{unsummed} texts have no checksum: they are from an older version"
                ));
            }
            report.wrong.iter().for_each(|line| say(line));
            let (rooms, entries, wrong) = (report.rooms, report.entries, report.wrong.len());
            say(&format!("{rooms} rooms, {entries} entries, {wrong} wrong"));
            if wrong == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(why) => fail(&why),
    }
}

async fn change_password(config: &Config) -> ExitCode {
    let name = config.whose.as_deref().unwrap_or_default();
    match reset_password(config, name).await {
        Ok(password) => {
            say(&format!("the new password of {name}: {password}"));
            say(
                "All their sign-ins are over. They can choose another password in the page, under Settings.",
            );
            ExitCode::SUCCESS
        }
        Err(why) => fail(&why),
    }
}

async fn change_role(config: &Config) -> ExitCode {
    let name = config.whose.as_deref().unwrap_or_default();
    let role = config.role().unwrap_or_default();
    match set_role(config, name, role).await {
        Ok(before) => {
            say(&format!(
                "{name}: {}, before {}",
                role.name(),
                before.name()
            ));
            ExitCode::SUCCESS
        }
        Err(why) => fail(&why),
    }
}

/// Moves the store, and tells how far it is: on a terminal once a second on one line, elsewhere a line now and then.
async fn move_store(config: &Config) -> ExitCode {
    let (clock, mut told_at) = (Clock::system(), 0);
    let is_terminal = std::io::stderr().is_terminal();
    let pause = if is_terminal { 1_000 } else { 10_000 };
    let mut tell = |progress: MoveProgress| {
        let now = clock.mono_ms();
        if progress == MoveProgress::Verifying || now >= told_at + pause {
            told_at = now;
            tell_progress(progress, is_terminal);
        }
    };
    let moved = migrate(config, &mut tell).await;
    if is_terminal {
        tell_line("\r\x1b[K");
    }
    match moved {
        Ok(MoveReport { rows, verified }) => {
            let (rooms, entries) = (verified.rooms, verified.entries);
            say(&format!(
                "{rooms} rooms, {entries} entries, {rows} rows in all, each the same on both sides; verify finds nothing wrong: done"
            ));
            ExitCode::SUCCESS
        }
        Err(why) => fail(&why),
    }
}

fn tell_progress(progress: MoveProgress, is_terminal: bool) {
    let line = match progress {
        MoveProgress::Copied(table, rows, all) => format!("{table}: {rows} of {all} rows copied"),
        MoveProgress::Compared(table, rows, all) => {
            format!("{table}: {rows} of {all} rows compared")
        }
        MoveProgress::Verifying => "verifying".to_owned(),
    };
    if is_terminal {
        tell_line(&format!("\r\x1b[K{line}"));
    } else {
        tell_line(&format!("{line}\n"));
    }
}

fn tell_line(line: &str) {
    use std::io::Write as _;
    // Whoever listened may have gone.
    let mut out = std::io::stderr();
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
}

fn print() -> ExitCode {
    match Config::print(std::env::args_os()) {
        Ok(text) => {
            say(text.trim_end());
            ExitCode::SUCCESS
        }
        Err(why) => fail(&why),
    }
}

fn say(line: &str) {
    use std::io::Write as _;
    // Whoever listened may have gone: `hubbub config | head -1` is no error.
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[expect(
    clippy::print_stderr,
    reason = "an error that ends the program is for a person, whatever the log level"
)]
fn fail(why: &dyn std::error::Error) -> ExitCode {
    eprintln!("hubbub: {why}");
    ExitCode::FAILURE
}
