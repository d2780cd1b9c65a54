//! Documents from one format to another, with a typed account of what could not come along. Conversion within a
//! vendor is [`respell`]: the same settings in another spelling. Nothing here guesses; what has no certain answer is a
//! loss.

mod loss;
mod order;
mod respell;
pub mod set;
mod sheet;
mod target;
mod twin;
mod upgrade;

pub use loss::{Category, Loss, Losses};
pub use order::Order;
pub use respell::respell;
pub use target::{Converted, Refusal, Target};
