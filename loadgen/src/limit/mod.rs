//! The machine's own limit: the cheapest fan-out that sockets allow. One thread sends a frame that was encoded before to N sockets of the
//! loopback, by plain blocking sends in a loop; another reads them through one `poll`. Nothing is parsed, stored or scheduled. What a
//! chat server does beyond that is what it costs.

mod reader;
mod sender;

use std::{
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use crate::{
    clock::RunClock,
    fault::Fault,
    measure::{Latency, descriptors},
    stop::Stop,
};

/// What is to be measured.
#[derive(Clone, Copy, Debug)]
pub struct LimitOrder {
    /// Number of connections.
    pub connections: usize,
    /// Frames of one send.
    pub batch: usize,
    /// Batches on their way at a time: the next goes out when the last socket has one of them.
    pub under_way: usize,
    /// Frames a second instead, each timed from when it is due.
    pub rate: Option<f64>,
    /// Bytes of a frame, its head included.
    pub frame_bytes: usize,
    /// The reader never sleeps.
    pub spin: bool,
    /// How long.
    pub seconds: f64,
    /// The sender's processor.
    pub pin_sender: Option<usize>,
    /// The reader's processor.
    pub pin_reader: Option<usize>,
}

/// What was measured.
#[derive(Debug)]
pub struct KernelLimit {
    /// Frames that arrived a second, all sockets together.
    pub deliveries_per_s: f64,
    /// Processor time of the sender for each, in microseconds.
    pub cpu_us: f64,
    /// From the time a batch was due, or could go out, until the last socket had it.
    pub latency: Latency,
}

/// What the sender spent, told to the reader: processor time in nanoseconds.
#[derive(Debug, Default)]
struct SpentTime(AtomicU64);

/// Measures it.
pub fn measure(order: LimitOrder, clock: RunClock, stop: &Stop) -> Result<KernelLimit, Fault> {
    // Both ends of each are in this process.
    descriptors(order.connections * 2)?;
    let (ours, theirs) = pairs(order.connections + 1)?;
    let spent = Arc::new(SpentTime::default());
    let told = Arc::clone(&spent);
    let sending = thread::spawn(move || sender::serve(theirs, order, &told));
    let reading = thread::spawn({
        let stop = stop.clone();
        move || reader::read(ours, order, clock, &spent, &stop)
    });
    let limit = reading.join();
    let sent = sending.join();
    match (limit, sent) {
        (Ok(limit), Ok(sent)) => sent.and(limit),
        _ => Err(Fault::Settings("a thread of the limit ended".into())),
    }
}

/// Connected sockets: both ends of each, in the same order.
fn pairs(count: usize) -> Result<(Vec<TcpStream>, Vec<TcpStream>), Fault> {
    let fault = Fault::system("making sockets");
    let listener = TcpListener::bind("127.0.0.1:0").map_err(&fault)?;
    let address = listener.local_addr().map_err(&fault)?;
    let mut ours = Vec::with_capacity(count);
    let mut theirs = Vec::with_capacity(count);
    for _ in 0..count {
        ours.push(TcpStream::connect(address).map_err(&fault)?);
        let (their, _) = listener.accept().map_err(&fault)?;
        their.set_nodelay(true).map_err(&fault)?;
        theirs.push(their);
    }
    Ok((ours, theirs))
}

impl SpentTime {
    fn tell(&self, ns: u64) {
        self.0.store(ns, Ordering::Release);
    }

    fn ns(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}
