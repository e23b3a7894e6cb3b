-- Neovim shows what keylint finds and applies its fixes. Run by `cargo xtask test` in a folder with `app.py`, which has
-- one token on its last line, as `nvim --headless --clean -c "luafile neovim.lua"`.
-- Written for Neovim 0.7, which Debian has; docs/editors.md has the two lines that newer ones need.

local PATIENCE = 30000 -- milliseconds; one that waits longer is stuck

local function fail(what)
  io.stderr:write("FAILED: " .. what .. "\n")
  vim.cmd("cquit 1")
end

local function check(what, holds)
  if holds then io.stdout:write("ok: " .. what .. "\n") else fail(what) end
end

local function wait_for(what, holds)
  check(what, vim.wait(PATIENCE, holds, 20))
end

vim.cmd("edit app.py")
local client = vim.lsp.start_client({
  name = "keylint",
  cmd = { vim.env.KEYLINT, "lsp" },
  root_dir = vim.fn.getcwd(),
})
check("the server starts", client ~= nil)
vim.lsp.buf_attach_client(0, client)

local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local function findings() return vim.diagnostic.get(0) end
local last = #lines() - 1
local secret = lines()[last + 1]:match('TOKEN = "(.*)"')

wait_for("the token has a diagnostic", function() return #findings() == 1 end)
local found = findings()[1]
local start = lines()[last + 1]:find(secret, 1, true) - 1
check("it is from keylint", found.source == "keylint" and found.severity == vim.diagnostic.severity.ERROR)
-- The line has characters outside of ASCII before the token: bytes here, UTF-16 on the wire.
check("it covers the token and no more", found.lnum == last and found.col == start and found.end_col == start + #secret)
check("it does not say the token", not found.message:find(secret, 1, true))

vim.api.nvim_win_set_cursor(0, { last + 1, start + 3 })
local hover = vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(), PATIENCE)
local said = vim.inspect(hover)
check("hover says what to do", said:find("Revoke", 1, true) ~= nil)
check("hover is masked", said:find("************", 1, true) ~= nil and not said:find(secret, 1, true))

-- The menu of code actions chooses by itself.
local function choose(title)
  vim.ui.select = function(items, _, on_choice)
    for index, item in ipairs(items) do
      if item[2].title:find(title, 1, true) == 1 then return on_choice(item, index) end
    end
    fail("no action `" .. title .. "`: " .. vim.inspect(items))
  end
  vim.lsp.buf.code_action()
end

local before = lines()[last + 1]
choose("Ignore this: a test value")
wait_for("a comment suppresses it", function() return #lines() == last + 2 and #findings() == 0 end)
check("with its reason", lines()[last + 1]:match("# keylint: ignore%-next%-line%[.+%] a test value$") ~= nil)
vim.cmd("undo")
wait_for("and is undone", function() return #findings() == 1 and lines()[last + 1] == before end)

choose("Move it to the environment variable")
wait_for("a fix moves it", function() return lines()[last + 1]:find("os.environ", 1, true) ~= nil and #findings() == 0 end)
local env = table.concat(vim.fn.readfile(".env"), "\n")
check("to .env", env:find(secret, 1, true) ~= nil)
check("which git ignores", vim.fn.readfile(".gitignore")[1] == ".env")

vim.lsp.stop_client(client)
wait_for("the server ends", function() return vim.lsp.client_is_stopped(client) end)
vim.cmd("qall!")
