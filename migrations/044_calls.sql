-- The work on a call: who does it, how far it has come, and where it failed.
SELECT 1;
