//! What the two databases spell differently in the checks.

/// How a statement of the checks is spelled for a database. It has `{id}`, `{heads}` and `{find}` where the words differ, and `/*sqlite … */` around
/// what only SQLite's planner is told: to PostgreSQL, which plans by what it knows of the rows, that is a comment.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Dialect {
    /// The id of a command `c`, in 32 hexadecimal digits.
    pub(in crate::store) id: &'static str,
    /// A table of where logs end, `room_id` and `last_seq`.
    pub(in crate::store) heads: &'static str,
    /// The function that tells where in a text another stands, from 1; 0 where it does not.
    pub(in crate::store) find: &'static str,
    /// Whether what SQLite's planner is told is for it.
    pub(in crate::store) is_sqlite: bool,
}

impl Dialect {
    /// A statement in the words of this database.
    pub(super) fn spell(&self, statement: &str) -> String {
        let spelled = statement
            .replace("{id}", self.id)
            .replace("{heads}", self.heads)
            .replace("{find}", self.find);
        if self.is_sqlite {
            spelled.replace("/*sqlite ", "").replace("*/", "")
        } else {
            spelled
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_spelled_for_each() {
        let statement = "SELECT {id} FROM {heads} h /*sqlite CROSS*/ JOIN commands c";
        let sqlite = Dialect {
            id: "hex(c.id)",
            heads: "ends",
            find: "instr",
            is_sqlite: true,
        };
        let other = Dialect {
            is_sqlite: false,
            ..sqlite
        };
        assert_eq!(
            sqlite.spell(statement),
            "SELECT hex(c.id) FROM ends h CROSS JOIN commands c"
        );
        assert_eq!(
            other.spell(statement),
            "SELECT hex(c.id) FROM ends h /*sqlite CROSS*/ JOIN commands c"
        );
    }
}
