-- Creates the two roles of a Jobtally database. A superuser runs it in the database `jobtally`; repeating it is safe.
-- jobtally_owner runs the migrations. jobtally_app runs the product. It owns nothing, so row-level security applies.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jobtally_owner') THEN
    CREATE ROLE jobtally_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jobtally_app') THEN
    CREATE ROLE jobtally_app LOGIN;
  END IF;
END
$$;

ALTER DATABASE jobtally OWNER TO jobtally_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE jobtally_owner GRANT USAGE ON SCHEMAS TO jobtally_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jobtally_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jobtally_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jobtally_owner GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO jobtally_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jobtally_owner GRANT EXECUTE ON FUNCTIONS TO jobtally_app;
