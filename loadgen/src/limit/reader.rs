//! The side that stands for the members.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream as Blocking,
    time::Duration,
};

use mio::{Events, Interest, Poll, Token, net::TcpStream};

use super::{KernelLimit, LimitOrder, SpentTime};
use crate::{
    clock::RunClock,
    fault::Fault,
    measure::{Arrivals, Latency, Schedule, pin_thread},
    stop::Stop,
    wait,
};

/// Batches that are ordered at a time.
const MAX_ASK: usize = 256;
const READ: usize = 128 * 1024;
/// What is not measured at the beginning: buffers grow, caches fill.
const WARM_NS: u64 = 500_000_000;
/// How long the last batch may take after the end.
const REST_NS: u64 = 5_000_000_000;

struct ReaderMembers {
    poll: Poll,
    sockets: Vec<(TcpStream, u64)>,
    batch_bytes: u64,
    arrivals: Arrivals,
    clock: RunClock,
    buffer: Vec<u8>,
    bytes: u64,
    latency: Latency,
}

pub(super) fn read(
    sockets: Vec<Blocking>,
    order: LimitOrder,
    clock: RunClock,
    spent: &SpentTime,
    stop: &Stop,
) -> Result<KernelLimit, Fault> {
    if let Some(cpu) = order.pin_reader {
        pin_thread(cpu)?;
    }
    let mut sockets = sockets.into_iter();
    let orders = sockets
        .next()
        .ok_or_else(|| Fault::Settings("no socket".into()))?;
    orders
        .set_nodelay(true)
        .map_err(Fault::system("the limit's reader"))?;
    let members = ReaderMembers::new(sockets, order, clock)?;
    members.run(orders, order, spent, stop)
}

impl ReaderMembers {
    fn new(
        sockets: impl Iterator<Item = Blocking>,
        order: LimitOrder,
        clock: RunClock,
    ) -> Result<Self, Fault> {
        let fault = Fault::system("the limit's reader");
        let poll = Poll::new().map_err(&fault)?;
        let mut held = Vec::with_capacity(order.connections);
        for (n, socket) in sockets.enumerate() {
            socket.set_nonblocking(true).map_err(&fault)?;
            let mut socket = TcpStream::from_std(socket);
            poll.registry()
                .register(&mut socket, Token(n), Interest::READABLE)
                .map_err(&fault)?;
            held.push((socket, 0));
        }
        Ok(Self {
            poll,
            sockets: held,
            batch_bytes: (order.frame_bytes * order.batch) as u64,
            arrivals: Arrivals::new(order.connections, 0),
            clock,
            buffer: vec![0; READ],
            bytes: 0,
            latency: Latency::new(),
        })
    }

    fn run(
        mut self,
        mut orders: Blocking,
        order: LimitOrder,
        spent: &SpentTime,
        stop: &Stop,
    ) -> Result<KernelLimit, Fault> {
        let mut events = Events::with_capacity(4_096);
        let began = self.clock.ns();
        let end = began + WARM_NS + wait::ns_of(order.seconds);
        let mut schedule = order.rate.map(|rate| Schedule::new(began, rate));
        let mut asked = 0;
        let mut mark: Option<(u64, u64, u64)> = None;
        let mut last = (began, 0, 0);
        loop {
            let now = self.clock.ns();
            if mark.is_none() && now >= began + WARM_NS {
                mark = Some((now, self.bytes, spent.ns()));
                self.latency = Latency::new();
            }
            if now < end && !stop.asked() {
                last = (now, self.bytes, spent.ns());
                asked += self.ask(&mut orders, order, schedule.as_mut(), asked, now)?;
            } else if self.arrivals.unfinished() == 0 || now > end + REST_NS {
                break;
            }
            let next = schedule.as_ref().map(Schedule::next_ns);
            match self
                .poll
                .poll(&mut events, Some(wait::spinning(order.spin, next, now)))
            {
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                other => other.map_err(Fault::system("the limit's reader"))?,
            }
            for event in &events {
                self.readable(event.token().0);
            }
            while let Some(finished) = self.arrivals.finished() {
                self.latency.record(finished.took_ns);
            }
        }
        let (from, bytes, cpu) = mark.ok_or(Fault::Stopped)?;
        let seconds = Duration::from_nanos(last.0.saturating_sub(from)).as_secs_f64();
        let frames = (last.1 - bytes) / order.frame_bytes as u64;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        Ok(KernelLimit {
            deliveries_per_s: frames as f64 / seconds.max(1e-9),
            cpu_us: last.2.saturating_sub(cpu) as f64 / 1e3 / (frames.max(1)) as f64,
            latency: self.latency,
        })
    }

    /// Orders what is due; how many batches that was.
    fn ask(
        &mut self,
        orders: &mut Blocking,
        order: LimitOrder,
        schedule: Option<&mut Schedule>,
        asked: u64,
        now: u64,
    ) -> Result<u64, Fault> {
        let mut due = Vec::new();
        if let Some(schedule) = schedule {
            due.extend(std::iter::from_fn(|| schedule.due(now)).take(MAX_ASK));
        } else {
            let free = order.under_way.saturating_sub(self.arrivals.unfinished());
            due.extend(std::iter::repeat_n(now, free.min(MAX_ASK)));
        }
        for (at, seq) in due.iter().zip(asked + 1..) {
            self.arrivals.began(seq, *at);
        }
        orders
            .write_all(&vec![1; due.len()])
            .map_err(Fault::system("the limit's reader"))?;
        Ok(due.len() as u64)
    }

    fn readable(&mut self, who: usize) {
        let Some((socket, have)) = self.sockets.get_mut(who) else {
            return;
        };
        loop {
            let Ok(read) = socket.read(&mut self.buffer) else {
                return;
            };
            let before = *have / self.batch_bytes;
            *have += read as u64;
            self.bytes += read as u64;
            for seq in before + 1..=*have / self.batch_bytes {
                self.arrivals.heard(seq, || self.clock.ns());
            }
            // A read that did not fill the buffer emptied the socket.
            if read < READ {
                return;
            }
        }
    }
}
