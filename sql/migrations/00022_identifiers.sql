-- +goose Up

-- What programs and services of the sender's side write to find their customer, their
-- mailing or themselves again, from this version of the extractor on. Messages that were
-- stored before have NULL until "collector reparse" derives them anew.

ALTER TABLE messages
    ADD COLUMN sender_fields  text[],
    ADD COLUMN boundary_start text,
    ADD COLUMN invisible      text,
    ADD COLUMN words          text[],
    ADD COLUMN report         boolean;
COMMENT ON COLUMN messages.sender_fields IS 'Identifying header fields that the sender''s side wrote (X- fields, Feedback-ID, List-ID, domain and selector of DKIM signatures), as "name: value", at most 48 of 160 bytes. Fields above the Received field at the trust boundary are left out: the receiver wrote them.';
COMMENT ON COLUMN messages.boundary_start IS 'The first 24 bytes of the first MIME boundary: many programs begin it with a constant.';
COMMENT ON COLUMN messages.invisible IS 'Code points that a reader does not see, in hexadecimal after the place where they stand: s subject, f From name, t text.';
COMMENT ON COLUMN messages.words IS 'Sample of the words of the text, at most 24: those with the least hashes.';
COMMENT ON COLUMN messages.report IS 'Whether it is a delivery report: multipart/report, or a null return path.';
