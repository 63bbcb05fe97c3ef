//! Settings of serving.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum, builder::BoolishValueParser};
use ipnet::IpNet;
use url::Url;

use super::values;

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Signup {
    /// Whoever has an invite.
    Invite,
    /// Everybody, without an invite.
    Open,
}

/// Where and how it serves.
#[derive(Args, Clone, Debug)]
pub struct ServeConfig {
    /// The address to listen on; port 0 takes a free one, `:3000` is every address of the machine.
    #[arg(
        long,
        env = "HUBBUB_ADDR",
        default_value = "127.0.0.1:3000",
        value_parser = values::addr,
        value_name = "ADDRESS:PORT"
    )]
    pub addr: SocketAddr,
    /// The folder of the embedded database, of uploads and of the secret made at first start.
    #[arg(
        long,
        env = "HUBBUB_DATA_DIR",
        default_value = "./data",
        value_name = "FOLDER"
    )]
    pub(crate) data_dir: PathBuf,
    /// The server's own origins, comma separated; from the request's host when not set.
    #[arg(
        long,
        env = "HUBBUB_PUBLIC_URL",
        value_delimiter = ',',
        value_parser = values::origin,
        value_name = "URL"
    )]
    pub(crate) public_url: Vec<Url>,
    /// Networks or addresses whose X-Forwarded-For is believed, comma separated.
    #[arg(
        long,
        env = "HUBBUB_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_parser = values::network,
        value_name = "NETWORK"
    )]
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Who may make an account after the first.
    #[arg(long, env = "HUBBUB_SIGNUP", value_enum, ignore_case = true, default_value_t = Signup::Invite)]
    pub(crate) signup: Signup,
    /// What the place is called on its pages.
    #[arg(
        long,
        env = "HUBBUB_NAME",
        default_value = "Hubbub",
        value_parser = values::name,
        value_name = "NAME"
    )]
    pub(crate) name: String,
    /// The node's name in `welcome`.
    #[arg(long, env = "HUBBUB_NODE", default_value = "a", value_parser = values::name, value_name = "NAME")]
    pub(crate) node: String,
    /// The address on which metrics are shown, for Prometheus; nowhere when not set. Keep it from the outside.
    #[arg(long, env = "HUBBUB_METRICS_ADDR", value_parser = values::metrics_addr, value_name = "ADDRESS:PORT")]
    pub(crate) metrics_addr: Option<SocketAddr>,
    /// The folder of the built page in development; a release has it inside.
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "FOLDER", hide = true)]
    pub(crate) site_root: Option<PathBuf>,
    /// Set by `cargo leptos watch`: pages reload when it says so.
    #[arg(long, env = "LEPTOS_WATCH", hide = true)]
    pub(crate) watch: Option<String>,
    /// The port where it says so.
    #[arg(
        long,
        env = "LEPTOS_RELOAD_PORT",
        default_value_t = 3001,
        value_name = "PORT",
        hide = true
    )]
    pub(crate) reload_port: u16,
    /// Log lines as JSON.
    #[arg(long, env = "HUBBUB_LOG_JSON", value_parser = BoolishValueParser::new())]
    pub log_json: bool,
}
