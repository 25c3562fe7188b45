// The tables of the embedded store, as numbered migrations: forward only, all that a store lacks in one transaction.

/** Every fact row has valid time and recorded time (microseconds); nothing is updated in place but `recorded_to`. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE domains (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, package TEXT NOT NULL, owners TEXT NOT NULL, max_age_s INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'frozen', 'retired')), snapshot INTEGER NOT NULL, snapshot_at INTEGER NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE policies (
    domain TEXT NOT NULL REFERENCES domains(id), id TEXT NOT NULL, entrypoints TEXT NOT NULL, gates TEXT NOT NULL, created_at INTEGER NOT NULL,
    PRIMARY KEY (domain, id)
  ) STRICT;
  CREATE TABLE versions (
    domain TEXT NOT NULL, policy TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL, author TEXT NOT NULL,
    message TEXT NOT NULL, gates TEXT NOT NULL, library TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (domain, policy, version), FOREIGN KEY (domain, policy) REFERENCES policies(domain, id)
  ) STRICT;
  CREATE TABLE version_files (
    domain TEXT NOT NULL, policy TEXT NOT NULL, version TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL,
    PRIMARY KEY (domain, policy, version, path), FOREIGN KEY (domain, policy, version) REFERENCES versions(domain, policy, version)
  ) STRICT;
  CREATE TABLE channels (
    domain TEXT NOT NULL, policy TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, dataset TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (domain, policy, id), FOREIGN KEY (domain, policy, version) REFERENCES versions(domain, policy, version)
  ) STRICT;
  CREATE TABLE channel_history (
    domain TEXT NOT NULL, policy TEXT NOT NULL, channel TEXT NOT NULL, seq INTEGER NOT NULL, version TEXT NOT NULL, at INTEGER NOT NULL,
    actor TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (domain, policy, channel, seq)
  ) STRICT;
  CREATE TABLE roles (
    domain TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER,
    actor TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX roles_now ON roles (domain, id) WHERE recorded_to IS NULL;
  CREATE TABLE memberships (
    domain TEXT NOT NULL, role TEXT NOT NULL, subject TEXT NOT NULL, valid_from INTEGER, valid_until INTEGER,
    recorded_from INTEGER NOT NULL, recorded_to INTEGER, actor TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX memberships_now ON memberships (domain, role, subject) WHERE recorded_to IS NULL;
  CREATE TABLE suspensions (
    domain TEXT NOT NULL, subject TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER, actor TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX suspensions_now ON suspensions (domain, subject) WHERE recorded_to IS NULL;
  CREATE TABLE builds (
    digest TEXT PRIMARY KEY, domain TEXT NOT NULL, policy TEXT NOT NULL, version TEXT NOT NULL, snapshot INTEGER NOT NULL, stamp INTEGER NOT NULL,
    transport TEXT NOT NULL, revision TEXT NOT NULL, kid TEXT NOT NULL, size INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE addresses (
    address TEXT PRIMARY KEY, build TEXT NOT NULL REFERENCES builds(digest), served INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE stamps (domain TEXT PRIMARY KEY, number INTEGER NOT NULL, as_of_s INTEGER NOT NULL, fresh_until_s INTEGER NOT NULL) STRICT;
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL, domains TEXT NOT NULL, scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE keys (kid TEXT PRIMARY KEY, alg TEXT NOT NULL, pem TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE idempotency (
    key TEXT NOT NULL, token TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (token, key)
  ) STRICT;
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, domain TEXT NOT NULL, object TEXT NOT NULL,
    request_id TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TABLE instances (
    domain TEXT NOT NULL, instance TEXT NOT NULL, bundle TEXT NOT NULL, revision TEXT NOT NULL, labels TEXT NOT NULL, opa_version TEXT NOT NULL,
    activated_at TEXT NOT NULL, last_seen INTEGER NOT NULL, error TEXT, PRIMARY KEY (domain, instance, bundle)
  ) STRICT;
  CREATE TABLE decisions (
    domain TEXT NOT NULL, decision_id TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (domain, decision_id)
  ) STRICT;
  `,
  `
  ALTER TABLE stamps ADD COLUMN snapshot INTEGER NOT NULL DEFAULT -1;
  ALTER TABLE domains ADD COLUMN log_retention_s INTEGER NOT NULL DEFAULT 1209600 CHECK (log_retention_s >= 0);
  CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT NOT NULL) STRICT;
  CREATE INDEX builds_by_parts ON builds (domain, policy, version, snapshot, stamp);
  CREATE INDEX builds_by_age ON builds (at);
  CREATE INDEX decisions_by_age ON decisions (at);
  CREATE INDEX roles_recorded ON roles (domain, recorded_from, recorded_to);
  CREATE INDEX memberships_recorded ON memberships (domain, recorded_from, recorded_to);
  CREATE INDEX memberships_valid ON memberships (domain, valid_from, valid_until);
  CREATE INDEX suspensions_recorded ON suspensions (domain, recorded_from, recorded_to);
  CREATE TRIGGER outbox_facts AFTER UPDATE OF snapshot ON domains BEGIN INSERT INTO outbox (domain) VALUES (new.id); END;
  CREATE TRIGGER outbox_move AFTER INSERT ON channel_history BEGIN INSERT INTO outbox (domain) VALUES (new.domain); END;
  CREATE TRIGGER outbox_stamp AFTER DELETE ON stamps BEGIN INSERT INTO outbox (domain) VALUES (old.domain); END;
  CREATE TRIGGER roles_facts_stay BEFORE UPDATE ON roles
    WHEN old.recorded_to IS NOT NULL OR new.body IS NOT old.body OR new.recorded_from IS NOT old.recorded_from
    BEGIN SELECT RAISE(ABORT, 'a recorded fact never changes'); END;
  CREATE TRIGGER memberships_facts_stay BEFORE UPDATE ON memberships
    WHEN old.recorded_to IS NOT NULL OR new.subject IS NOT old.subject OR new.role IS NOT old.role
      OR new.valid_from IS NOT old.valid_from OR new.valid_until IS NOT old.valid_until OR new.recorded_from IS NOT old.recorded_from
    BEGIN SELECT RAISE(ABORT, 'a recorded fact never changes'); END;
  CREATE TRIGGER suspensions_facts_stay BEFORE UPDATE ON suspensions
    WHEN old.recorded_to IS NOT NULL OR new.subject IS NOT old.subject OR new.recorded_from IS NOT old.recorded_from
    BEGIN SELECT RAISE(ABORT, 'a recorded fact never changes'); END;
  `,
  `
  CREATE TABLE texts (
    domain TEXT NOT NULL REFERENCES domains(id), policy TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('samples', 'includes')), name TEXT NOT NULL,
    text TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER, actor TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX texts_now ON texts (domain, policy, kind, name) WHERE recorded_to IS NULL;
  `,
  `
  CREATE INDEX memberships_by_subject ON memberships (domain, subject);
  CREATE INDEX audit_by_domain ON audit (domain, seq);
  `,
  `
  ALTER TABLE domains ADD COLUMN builtins TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE tokens ADD COLUMN policies TEXT;
  ALTER TABLE builds ADD COLUMN fresh_until_s INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE channels ADD COLUMN pin_build TEXT REFERENCES builds(digest);
  ALTER TABLE channels ADD COLUMN pin_until INTEGER;
  DELETE FROM idempotency;
  `,
  `
  CREATE TABLE version_approvals (
    domain TEXT NOT NULL, policy TEXT NOT NULL, version TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (domain, policy, version, actor), FOREIGN KEY (domain, policy, version) REFERENCES versions(domain, policy, version)
  ) STRICT;
  `,
  `
  ALTER TABLE domains ADD COLUMN log_quota INTEGER NOT NULL DEFAULT 100000 CHECK (log_quota >= 0);
  ALTER TABLE builds ADD COLUMN as_of_s INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE builds ADD COLUMN library TEXT NOT NULL DEFAULT '';
  `,
  `
  ALTER TABLE domains ADD COLUMN include_members INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE addresses ADD COLUMN served_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE instances ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE runs (
    domain TEXT NOT NULL, bundle TEXT NOT NULL, instance TEXT NOT NULL, at INTEGER NOT NULL, revision TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (domain, bundle, instance, at)
  ) STRICT;
  `,
  `
  CREATE TABLE snapshots (
    domain TEXT NOT NULL, number INTEGER NOT NULL, recorded_at INTEGER NOT NULL, include_members INTEGER NOT NULL, PRIMARY KEY (domain, number)
  ) STRICT;
  INSERT INTO snapshots SELECT id, snapshot, snapshot_at * 1000000 + 999999, include_members FROM domains;
  `,
  // Questions about the past look for beginnings only; an end in an index makes each ending membership move in it.
  `
  DROP INDEX memberships_valid;
  DROP INDEX memberships_recorded;
  CREATE INDEX memberships_recorded ON memberships (domain, recorded_from);
  `,
  `
  ALTER TABLE memberships ADD COLUMN origin TEXT;
  ALTER TABLE suspensions ADD COLUMN origin TEXT;
  CREATE INDEX memberships_by_origin ON memberships (domain, origin, role, subject) WHERE recorded_to IS NULL AND origin IS NOT NULL;
  DROP TRIGGER memberships_facts_stay;
  CREATE TRIGGER memberships_facts_stay BEFORE UPDATE ON memberships
    WHEN old.recorded_to IS NOT NULL OR new.subject IS NOT old.subject OR new.role IS NOT old.role OR new.origin IS NOT old.origin
      OR new.valid_from IS NOT old.valid_from OR new.valid_until IS NOT old.valid_until OR new.recorded_from IS NOT old.recorded_from
    BEGIN SELECT RAISE(ABORT, 'a recorded fact never changes'); END;
  ALTER TABLE stamps ADD COLUMN sources TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE builds ADD COLUMN sources TEXT NOT NULL DEFAULT '{}';
  CREATE TABLE sources (
    domain TEXT NOT NULL REFERENCES domains(id), id TEXT NOT NULL, settings TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER,
    actor TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX sources_now ON sources (domain, id) WHERE recorded_to IS NULL;
  CREATE TABLE source_subjects (
    domain TEXT NOT NULL, source TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, recorded_from INTEGER NOT NULL, recorded_to INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX source_subjects_now ON source_subjects (domain, source, subject) WHERE recorded_to IS NULL;
  CREATE INDEX source_subjects_recorded ON source_subjects (domain, source, recorded_from);
  CREATE TRIGGER source_subjects_facts_stay BEFORE UPDATE ON source_subjects
    WHEN old.recorded_to IS NOT NULL OR new.subject IS NOT old.subject OR new.body IS NOT old.body OR new.recorded_from IS NOT old.recorded_from
    BEGIN SELECT RAISE(ABORT, 'a recorded fact never changes'); END;
  CREATE TABLE source_wishes (
    domain TEXT NOT NULL, role TEXT NOT NULL, subject TEXT NOT NULL, source TEXT NOT NULL, withheld INTEGER NOT NULL,
    PRIMARY KEY (domain, role, subject, source)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX source_wishes_by_source ON source_wishes (domain, source);
  CREATE TABLE source_runs (
    domain TEXT NOT NULL, source TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, ended INTEGER NOT NULL, result TEXT NOT NULL,
    actor TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, digest TEXT NOT NULL, consent TEXT, delta TEXT NOT NULL,
    PRIMARY KEY (domain, source, number)
  ) STRICT;
  `,
  `
  CREATE TABLE reviews (
    domain TEXT NOT NULL REFERENCES domains(id), number INTEGER NOT NULL, subject TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
    due INTEGER NOT NULL, came_from TEXT NOT NULL, went_to TEXT NOT NULL, manager TEXT,
    undecided TEXT NOT NULL CHECK (undecided IN ('keep', 'end')), closed INTEGER, PRIMARY KEY (domain, number)
  ) STRICT;
  CREATE UNIQUE INDEX reviews_open ON reviews (domain, subject) WHERE closed IS NULL;
  CREATE TABLE review_items (
    domain TEXT NOT NULL, number INTEGER NOT NULL, role TEXT NOT NULL, decision TEXT CHECK (decision IN ('keep', 'end')), actor TEXT,
    reason TEXT, at INTEGER, PRIMARY KEY (domain, number, role), FOREIGN KEY (domain, number) REFERENCES reviews(domain, number)
  ) STRICT;
  CREATE TRIGGER review_items_stay BEFORE UPDATE ON review_items WHEN old.decision IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
  `,
  `
  CREATE TABLE campaigns (
    domain TEXT NOT NULL REFERENCES domains(id), number INTEGER NOT NULL, title TEXT NOT NULL, scope TEXT NOT NULL, reviewers TEXT NOT NULL
      CHECK (reviewers IN ('manager', 'owner', 'named')), fallback TEXT NOT NULL, at INTEGER NOT NULL, opened_by TEXT NOT NULL, due INTEGER NOT NULL,
    undecided TEXT NOT NULL CHECK (undecided IN ('keep', 'end')), signed_at INTEGER, signed_by TEXT, digest TEXT, counts TEXT, PRIMARY KEY (domain, number)
  ) STRICT;
  CREATE TABLE campaign_items (
    domain TEXT NOT NULL, number INTEGER NOT NULL, role TEXT NOT NULL, subject TEXT NOT NULL, reviewer TEXT,
    decision TEXT CHECK (decision IN ('keep', 'end', 'gone')), actor TEXT, reason TEXT, at INTEGER,
    PRIMARY KEY (domain, number, role, subject), FOREIGN KEY (domain, number) REFERENCES campaigns(domain, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER campaign_items_stay BEFORE UPDATE ON campaign_items
    WHEN (SELECT signed_at FROM campaigns WHERE domain = old.domain AND number = old.number) IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a signed campaign never changes'); END;
  CREATE TRIGGER campaigns_stay BEFORE UPDATE ON campaigns WHEN old.signed_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a signed campaign never changes'); END;
  `,
  `
  CREATE TABLE hooks (
    domain TEXT NOT NULL REFERENCES domains(id), id TEXT NOT NULL, settings TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
    told INTEGER NOT NULL, pending INTEGER, misses INTEGER NOT NULL, message TEXT NOT NULL, next_at INTEGER NOT NULL, PRIMARY KEY (domain, id)
  ) STRICT;
  `,
  // Since when the membership stood that a decision is about, in microseconds.
  `
  ALTER TABLE campaign_items ADD COLUMN about INTEGER;
  UPDATE campaign_items AS i SET about = (SELECT m.recorded_from FROM memberships AS m WHERE m.domain = i.domain AND m.role = i.role
      AND m.subject = i.subject AND m.recorded_to IS NULL AND m.recorded_from <= i.at)
    WHERE i.decision IS NOT NULL AND (SELECT signed_at FROM campaigns AS c WHERE c.domain = i.domain AND c.number = i.number) IS NULL;
  `,
  `
  CREATE TABLE impact_consents (
    domain TEXT NOT NULL, policy TEXT NOT NULL, version TEXT NOT NULL, channel TEXT NOT NULL, digest TEXT NOT NULL, actor TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (domain, policy, version, channel, digest, actor),
    FOREIGN KEY (domain, policy, version) REFERENCES versions(domain, policy, version)
  ) STRICT;
  `,
];

/** The schema that this release writes. */
export const schemaVersion = migrations.length;
