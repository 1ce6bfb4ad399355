-- +goose Up

CREATE TABLE sender_habits (
    sender      inet   PRIMARY KEY,
    mails       bigint NOT NULL,
    attempts    bigint NOT NULL,
    refused     bigint NOT NULL,
    spamruns    bigint NOT NULL,
    same_helo   bigint NOT NULL,
    first_seen  timestamptz NOT NULL,
    last_seen   timestamptz NOT NULL,
    zombie_bits real   NOT NULL,
    reasons     text[] NOT NULL,
    helo_class  text
);
COMMENT ON TABLE sender_habits IS 'One row per address that connected to our own servers, by logs and messages; worked out anew with the spamruns.';
COMMENT ON COLUMN sender_habits.sender IS 'The address.';
COMMENT ON COLUMN sender_habits.mails IS 'Transactions of logs, and messages of which no log tells.';
COMMENT ON COLUMN sender_habits.attempts IS 'Recipients it tried.';
COMMENT ON COLUMN sender_habits.refused IS 'Of these, refused.';
COMMENT ON COLUMN sender_habits.spamruns IS 'Spamruns of it.';
COMMENT ON COLUMN sender_habits.same_helo IS 'Other senders that introduced themselves by its most frequent HELO name.';
COMMENT ON COLUMN sender_habits.first_seen IS 'Its first mail.';
COMMENT ON COLUMN sender_habits.last_seen IS 'Its last mail.';
COMMENT ON COLUMN sender_habits.zombie_bits IS 'Odds that it is a machine that somebody took over, in bits: 4 is 16 to 1; negative speaks against it.';
COMMENT ON COLUMN sender_habits.reasons IS 'What speaks for and against it, each with its bits.';
COMMENT ON COLUMN sender_habits.helo_class IS 'How it introduces itself: name, number, word, literal, pool; NULL if that is not known.';
