//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::scenario::Scenario;

/// Load for a Hubbub server.
///
/// First `people`, once; then `run` as often as wanted; `limit` measures the machine, `compare` two results.
#[derive(Debug, Parser)]
#[command(name = "loadgen", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: CliCommand,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Makes people, rooms and memberships on a server, and keeps their tokens in a file.
    People(PeopleArgs),
    /// Puts load on a server, checks and measures.
    Run(Box<RunArgs>),
    /// Measures the machine: the cheapest fan-out to N sockets.
    Limit(LimitArgs),
    /// Compares two results; ends with 2 if the second is worse.
    Compare(CompareArgs),
}

/// `loadgen people`.
#[derive(Args, Debug)]
pub struct PeopleArgs {
    /// The server.
    #[arg(long, default_value = "http://127.0.0.1:3000", value_name = "URL")]
    pub url: String,
    /// People in all; those that are in the file already count.
    #[arg(long, value_name = "N")]
    pub count: usize,
    /// Rooms that they are spread over, beside the busy one and the quiet ones that everybody is in.
    #[arg(long, default_value_t = 0, value_name = "M")]
    pub rooms: usize,
    /// The name of the server's owner, who is made if there is none.
    #[arg(long, default_value = "owner", value_name = "NAME")]
    pub owner_name: String,
    /// The owner's password.
    #[arg(long, default_value = "loadgen owner", value_name = "PASSWORD")]
    pub owner_password: String,
    /// The password of all people.
    #[arg(long, default_value = "loadgen people", value_name = "PASSWORD")]
    pub password: String,
    /// Calls under way at a time.
    #[arg(long, default_value_t = 8, value_name = "N")]
    pub parallel: usize,
    /// The file with people and tokens. It is written back by every run, for tokens are good for one use.
    #[arg(long, default_value = "people.json", value_name = "FILE")]
    pub out: PathBuf,
}

/// `loadgen run`.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// What to run.
    #[arg(value_enum)]
    pub scenario: Scenario,
    /// The server; the one of the people's file when left out.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The file that `loadgen people` made.
    #[arg(long, default_value = "people.json", value_name = "FILE")]
    pub people: PathBuf,
    /// Connections. More than there are people: some have several.
    #[arg(short = 'n', long, default_value_t = 1_000, value_name = "N")]
    pub connections: usize,
    /// How long it is measured.
    #[arg(long, default_value_t = 10.0, value_name = "S")]
    pub seconds: f64,
    /// Messages a second (fanout, rooms, chatter, slow-readers); where ramp begins.
    #[arg(long, value_name = "R")]
    pub rate: Option<f64>,
    /// Senders at a time.
    #[arg(long, default_value_t = 1, value_name = "K")]
    pub senders: usize,
    /// Messages that each sender has under way: sent, and not with the last member yet.
    #[arg(long, default_value_t = 1, value_name = "W")]
    pub under_way: usize,
    /// Bytes of a message's text.
    #[arg(long, default_value_t = 64, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..=8_000))]
    pub text_bytes: u32,
    /// Ramp: of a hundred messages, 99 must be with their last member after this time.
    #[arg(long, default_value_t = 100.0, value_name = "MS")]
    pub p99_ms: f64,
    /// Ramp: part of the sends that may fail.
    #[arg(long, default_value_t = 0.001, value_name = "PART")]
    pub errors: f64,
    /// History: messages that the room is filled up to.
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pub fill: usize,
    /// Never sleep while it is measured (fanout, rooms, ramp, slow-readers). Waking a listener is the server's work where both are on one
    /// machine, and no work of the server where they are on two: this takes it out, of the limit too.
    #[arg(long)]
    pub spin: bool,
    /// The server's process, to watch its processor time and memory.
    #[arg(long, value_name = "PID")]
    pub server_pid: Option<u32>,
    /// The processor that the server is kept on.
    #[arg(long, value_name = "CPU", requires = "server_pid")]
    pub pin_server: Option<usize>,
    /// The processor that this program is kept on.
    #[arg(long, value_name = "CPU")]
    pub pin: Option<usize>,
    /// Measure how long a sync takes in this folder (the server's data folder, or one on the same disk), before the run.
    #[arg(long, value_name = "FOLDER")]
    pub fsync_dir: Option<PathBuf>,
    /// Measure the machine's limit right after, and tell each figure as a part of it.
    #[arg(long)]
    pub with_limit: bool,
    /// Where the result is written.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Where the page with plots is written.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// `loadgen limit`.
#[derive(Args, Clone, Debug)]
pub struct LimitArgs {
    /// Number of connections.
    #[arg(short = 'n', long, default_value_t = 1_000, value_name = "N")]
    pub connections: usize,
    /// Frames of one send.
    #[arg(long, default_value_t = 1, value_name = "K")]
    pub batch: usize,
    /// Batches on their way at a time.
    #[arg(long, default_value_t = 1, value_name = "W")]
    pub under_way: usize,
    /// Frames a second, instead of as fast as the last socket has the one before.
    #[arg(long, value_name = "R")]
    pub rate: Option<f64>,
    /// Bytes of a frame.
    #[arg(long, default_value_t = 220, value_name = "BYTES")]
    pub frame_bytes: usize,
    /// How long it is measured.
    #[arg(long, default_value_t = 5.0, value_name = "S")]
    pub seconds: f64,
    /// The reader never sleeps, so that the sender need not wake it.
    #[arg(long)]
    pub spin: bool,
    /// The sender's processor.
    #[arg(long, value_name = "CPU")]
    pub pin_server: Option<usize>,
    /// The reader's processor.
    #[arg(long, value_name = "CPU")]
    pub pin: Option<usize>,
    /// Where the result is written.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// `loadgen compare`.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// The earlier result.
    pub before: PathBuf,
    /// The later result.
    pub after: PathBuf,
    /// What may be worse without counting: 0.1 is a tenth.
    #[arg(long, default_value_t = 0.1, value_name = "PART")]
    pub tolerance: f64,
}
