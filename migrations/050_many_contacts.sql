-- What writing many contacts at once needs.

-- A writer that knows search_name (an import computes it in its own statement) need not enter the trigger for each row. Those that do
-- not know the column leave it NULL.
CREATE OR REPLACE TRIGGER atlas_contacts_insert BEFORE INSERT ON contacts
    FOR EACH ROW WHEN (NEW.search_name IS NULL) EXECUTE FUNCTION atlas_contacts_before();

-- Each word is looked up once, however many names have it; and only in the index: a connection keeps the plan, and one that was made
-- when the tables were empty would read all words for every contact that is written.
CREATE OR REPLACE FUNCTION atlas_contacts_words() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO contact_words (word)
    SELECT d.word
    FROM (
        SELECT DISTINCT left(u.word, 60) AS word FROM new_contacts n, unnest(string_to_array(n.search_name, ' ')) AS u (word)
        WHERE u.word <> ''
    ) d
    WHERE NOT EXISTS (SELECT FROM contact_words w WHERE w.word = d.word);
    RETURN NULL;
END
$$;
