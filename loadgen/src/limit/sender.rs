//! The side that stands for the server.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::{LimitOrder, SpentTime};
use crate::{
    fault::Fault,
    measure::{pin_thread, thread_cpu_ns},
};

/// The first socket is the order's: a byte on it is one batch, its end is the end.
pub(super) fn serve(
    sockets: Vec<TcpStream>,
    order: LimitOrder,
    spent: &SpentTime,
) -> Result<(), Fault> {
    if let Some(cpu) = order.pin_sender {
        pin_thread(cpu)?;
    }
    let mut sockets = sockets.into_iter();
    let mut orders = sockets
        .next()
        .ok_or_else(|| Fault::Settings("no socket".into()))?;
    let mut sockets: Vec<TcpStream> = sockets.collect();
    let batch = vec![b'x'; order.frame_bytes * order.batch];
    let mut asked = [0; 256];
    loop {
        let count = orders
            .read(&mut asked)
            .map_err(Fault::system("the limit's sender"))?;
        if count == 0 {
            return Ok(());
        }
        for _ in 0..count {
            for socket in &mut sockets {
                if socket.write_all(&batch).is_err() {
                    // The reader is gone: it was stopped.
                    return Ok(());
                }
            }
        }
        spent.tell(thread_cpu_ns());
    }
}
