-- Texts are ASCII and compared byte by byte: two keys that differ in case are two keys.
-- No foreign keys and no counted ids: rows reach the other database one by one, in the order of
-- their commits, and both databases have to be able to take new ones.
CREATE TABLE IF NOT EXISTS payment (
  id CHAR(36) NOT NULL PRIMARY KEY,
  amount BIGINT NOT NULL COMMENT 'in the smallest unit of the currency',
  currency CHAR(3) NOT NULL,
  merchant_id VARCHAR(64) NOT NULL,
  created_at DATETIME(3) NOT NULL COMMENT 'UTC',
  KEY by_merchant (merchant_id, created_at)
) DEFAULT CHARACTER SET ascii COLLATE ascii_bin;

CREATE TABLE IF NOT EXISTS idempotency (
  merchant_id VARCHAR(64) NOT NULL,
  idempotency_key VARCHAR(255) NOT NULL,
  request_hash CHAR(64) NOT NULL COMMENT 'SHA-256: the same key with another request is refused',
  answer VARCHAR(1024) NOT NULL COMMENT 'what the key was answered, for every further try',
  created_at DATETIME(3) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (merchant_id, idempotency_key)
) DEFAULT CHARACTER SET ascii COLLATE ascii_bin;
