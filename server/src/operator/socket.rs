//! The way to a server that runs: a socket in its data folder, on which the machine's own operator says one line and hears one. Only the user that
//! runs the server, and root, are answered.

use std::{
    fs::{Permissions, remove_file, set_permissions},
    io::{self, ErrorKind},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::geteuid;
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    OperatorError,
    order::{Answer, Order},
};
use crate::{
    commands::profile::tell,
    state::{Shared, State},
};

/// The socket's name in the data folder.
const NAME: &str = "hubbub.sock";
/// Who may connect to it.
const MODE: u32 = 0o600;
/// Most bytes of an order or an answer.
const LINE_BYTES: u64 = 4 * 1024;
/// How long an order may take to be said: one at a time is heard, and whoever says nothing must not keep the next one out.
const SAY: Duration = Duration::from_secs(2);
/// How long it may take to be carried out, so that a stop of the server does not wait longer.
const WORK: Duration = Duration::from_secs(3);
/// How long the command waits for its answer; others may be before it.
const ANSWER: Duration = Duration::from_secs(15);

/// The server's end; the file goes with it.
pub(crate) struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlSocket {
    /// Opens it in the data folder, which this process has claimed: what lies there is what a killed one left.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        match remove_file(&path) {
            Err(why) if why.kind() != ErrorKind::NotFound => return Err(why),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        let opened = Self { listener, path };
        set_permissions(&opened.path, Permissions::from_mode(MODE))?;
        Ok(opened)
    }

    /// Carries orders out, one after the other, until `stop`.
    pub(crate) async fn serve(self, state: State, stop: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            let heard = match accepted {
                Ok((stream, _)) => hear(&state, stream, &stop).await,
                Err(why) => Err(why),
            };
            if let Err(why) = heard {
                tracing::warn!(%why, "an operator's order was not heard");
                // Out of descriptors, for instance: time for some to come free.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        drop(remove_file(&self.path));
    }
}

/// One order. What was heard is carried out to its end, also when the server is told to stop meanwhile.
async fn hear(state: &Shared, mut stream: UnixStream, stop: &CancellationToken) -> io::Result<()> {
    // In a folder that is open to others, the socket was theirs for the moment before its mode was set.
    let who = stream.peer_cred()?.uid();
    if who != 0 && who != geteuid().as_raw() {
        return Err(ErrorKind::PermissionDenied.into());
    }
    let order = tokio::select! {
        order = timeout(SAY, hear_line(&mut stream)) => order?,
        () = stop.cancelled() => return Ok(()),
    };
    let answer = match order {
        Ok(order) => match timeout(WORK, carry_out(state, &order)).await {
            Ok(done) => done.unwrap_or_else(|why| Answer::Refused(why.to_string())),
            Err(_) => Answer::Refused("the server is busy; look whether it was done".to_owned()),
        },
        Err(why) => Answer::Refused(format!("this is no order: {why}")),
    };
    timeout(SAY, say_line(&mut stream, &answer)).await?
}

async fn carry_out(state: &Shared, order: &Order) -> Result<Answer, OperatorError> {
    let account = order.account(&*state.store).await?;
    let now = state.now();
    let (write, answer) = order.write(&account, &state.passwords, now).await?;
    state.queue.write_patiently(write).await?;
    tracing::info!(user = %account.name, what = order.what(), "an operator's order was carried out");
    tell(state, account.id).await?;
    Ok(answer)
}

/// A connection to the server that holds this folder.
pub(super) async fn reach(folder: &Path) -> io::Result<UnixStream> {
    UnixStream::connect(folder.join(NAME)).await
}

/// Says an order, and waits for its answer.
pub(super) async fn ask(mut stream: UnixStream, order: &Order) -> io::Result<Answer> {
    timeout(ANSWER, async {
        say_line(&mut stream, order).await?;
        hear_line(&mut stream).await
    })
    .await?
}

async fn say_line(stream: &mut UnixStream, what: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    stream.write_all(&line).await
}

async fn hear_line<T: DeserializeOwned>(stream: &mut UnixStream) -> io::Result<T> {
    let mut line = String::new();
    let mut lines = BufReader::new(stream.take(LINE_BYTES));
    lines.read_line(&mut line).await?;
    if !line.ends_with('\n') {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(serde_json::from_str(&line)?)
}
