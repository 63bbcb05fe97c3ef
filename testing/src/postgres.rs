//! A PostgreSQL of the tests' own: one for a whole test process, in a folder of its own, without a port; a database for whoever asks.

use std::{
    fs,
    io::Write as _,
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use tokio_postgres::NoTls;

/// Who runs it where the tests are root's: PostgreSQL refuses to be.
const NOBODY: u32 = 65_534;
/// How long it may take to start: many tries, a pause between them.
const TRIES: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// A server of PostgreSQL. It ends, and its folder is removed, when this process does, in whatever way.
pub struct Postgres {
    folder: PathBuf,
    /// What it is told, a word a line; its end ends the server.
    orders: Mutex<ChildStdin>,
    databases: AtomicU64,
    /// The shell that keeps it, which outlives this process for as long as it takes to tidy up.
    _shell: Child,
}

static SHARED: OnceLock<Postgres> = OnceLock::new();

/// A new database of the server that all tests share, by its address. Whoever asks first starts it; where PostgreSQL is not installed this panics and
/// says what is missing.
pub async fn new_database() -> String {
    SHARED.get_or_init(Postgres::start).new_database().await
}

/// Removes a database of the shared server: each takes 7 MB.
pub async fn drop_database(url: &str) {
    let name = url.rsplit('/').next().unwrap_or_default();
    tell(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

/// A copy of a database of the shared server, by its address. Nobody may be connected to it for longer than a moment.
pub async fn copy_database(url: &str) -> String {
    let from = url.rsplit('/').next().unwrap_or_default();
    let server = SHARED.get_or_init(Postgres::start);
    server.make(&format!(" TEMPLATE {from}")).await
}

/// Has statements run in a database, by its address.
pub async fn tell_in(url: &str, statements: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .unwrap_or_else(|why| panic!("the tests' PostgreSQL does not answer: {why}"));
    let connection = tokio::spawn(connection);
    let done = client.batch_execute(statements).await;
    done.unwrap_or_else(|why| panic!("{statements}: {why}"));
    drop(client);
    connection.abort();
}

/// Has the shared server run a statement.
pub async fn tell(statement: &str) {
    SHARED.get_or_init(Postgres::start).tell(statement).await;
}

impl Postgres {
    /// A new database of this server, by its address.
    pub async fn new_database(&self) -> String {
        self.make("").await
    }

    async fn make(&self, how: &str) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("hubbub_{number}");
        self.tell(&format!("CREATE DATABASE {name}{how}")).await;
        self.address(&name)
    }

    /// Has a statement run in the server's own database.
    pub async fn tell(&self, statement: &str) {
        tell_in(&self.address("postgres"), statement).await;
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&self) {
        self.order("kill");
    }

    /// Starts it again after [`Self::kill`]; it recovers what it had committed. When this returns it answers.
    pub fn restart(&self) {
        let _ = fs::remove_file(self.folder.join("log"));
        self.order("start");
        self.wait();
    }

    fn order(&self, word: &str) {
        let mut orders = self.orders.lock().unwrap();
        writeln!(orders, "{word}").unwrap();
    }

    fn address(&self, database: &str) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://hubbub@{host}/{database}")
    }

    /// Starts one of its own, for a test that ends it.
    #[must_use]
    pub fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("hubbub-postgres").tempdir();
        let folder = folder.unwrap_or_else(|why| panic!("no folder for PostgreSQL: {why}"));
        let folder = folder.keep();
        let root = rustix::process::geteuid().is_root();
        if root {
            let set = chown(&folder, Some(NOBODY), Some(NOBODY));
            set.unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
        }
        let config = folder.join("more.conf");
        let settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 400\nshared_buffers = 64MB\nautovacuum_naptime = 10s\n",
            folder.display()
        );
        write(&config, &settings);
        // Its own words are in `log`, for whoever looks what went wrong.
        let script = format!(
            r#"cd '{folder}'
            '{bin}/initdb' --username=hubbub --auth=trust --encoding=UTF8 --locale=C --no-sync -D data >init.log 2>&1 || exit 1
            cat more.conf >>data/postgresql.conf
            start() {{ touch run; (while [ -e run ]; do '{bin}/postgres' -D data >>log 2>&1 </dev/null; sleep 0.1; done) & }}
            end() {{ rm -f run; kill -s "$1" "$(head -n 1 data/postmaster.pid)"; wait; }}
            start
            while read -r order; do case $order in kill) end KILL ;; start) start ;; esac; done
            end QUIT
            rm -rf '{folder}'"#,
            folder = folder.display(),
            bin = programs.display(),
        );
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // What ends the tests by Ctrl+C must not end the shell before it has removed the folder.
            .process_group(0);
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut child = command
            .spawn()
            .unwrap_or_else(|why| panic!("PostgreSQL cannot be started: {why}"));
        let Some(stdin) = child.stdin.take() else {
            panic!("PostgreSQL was started without a way to end it");
        };
        let server = Self {
            folder,
            orders: Mutex::new(stdin),
            databases: AtomicU64::new(0),
            _shell: child,
        };
        server.wait();
        server
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "once a process, and nothing can go on before it"
    )]
    fn wait(&self) {
        let socket = self.folder.join(".s.PGSQL.5432");
        let log = self.folder.join("log");
        for _ in 0..TRIES {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if socket.exists() && said.contains("ready to accept connections") {
                return;
            }
            sleep(PAUSE);
        }
        let said = |name| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        panic!(
            "PostgreSQL did not start: {}{}",
            said("init.log"),
            said("log")
        );
    }
}

fn write(path: &Path, text: &str) {
    let mut file = fs::File::create(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let written = file.write_all(text.as_bytes());
    written.unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let set = fs::set_permissions(path, fs::Permissions::from_mode(0o644));
    set.unwrap_or_else(|why| panic!("{}: {why}", path.display()));
}

/// The folder of PostgreSQL's programs: the newest of Debian's, or what `pg_config` says.
fn programs() -> PathBuf {
    let has = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<PathBuf> = debian
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(has)
        .collect();
    found.sort();
    let named = || {
        let told = Command::new("pg_config").arg("--bindir").output().ok()?;
        let folder = PathBuf::from(String::from_utf8(told.stdout).ok()?.trim());
        has(&folder).then_some(folder)
    };
    found.pop().or_else(named).unwrap_or_else(|| {
        panic!("these tests need PostgreSQL's own programs (initdb, postgres): tools/setup-postgres installs them on Debian, elsewhere see postgresql.org")
    })
}
