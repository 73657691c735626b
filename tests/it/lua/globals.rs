//! Which names each version of Lua has, as its makefile builds it: from the manuals and the
//! makefiles' definitions, not from what is built here.

use luago_test_support::command::lua as luago;
use luago_test_support::folders::lasting_folder;
use luago_test_support::oracle::oracle;

/// What every version has.
const COMMON: &str = "_G _VERSION assert collectgarbage dofile error getmetatable ipairs load \
    loadfile next pairs pcall print rawequal rawget rawset require select setmetatable tonumber \
    tostring type xpcall \
    coroutine.create coroutine.resume coroutine.running coroutine.status coroutine.wrap \
    coroutine.yield debug.debug debug.gethook debug.getinfo debug.getlocal debug.getmetatable \
    debug.getregistry debug.getupvalue debug.sethook debug.setlocal debug.setmetatable \
    debug.setupvalue debug.traceback io.close io.flush io.input io.lines io.open io.output \
    io.popen io.read io.stderr io.stdin io.stdout io.tmpfile io.type io.write math.abs math.acos \
    math.asin math.atan math.ceil math.cos math.deg math.exp math.floor math.fmod math.huge \
    math.log math.max math.min math.modf math.pi math.rad math.random math.randomseed math.sin \
    math.sqrt math.tan os.clock os.date os.difftime os.execute os.exit os.getenv os.remove \
    os.rename os.setlocale os.time os.tmpname package.config package.cpath package.loaded \
    package.loadlib package.path package.preload string.byte string.char string.dump string.find \
    string.format string.gmatch string.gsub string.len string.lower string.match string.rep \
    string.reverse string.sub string.upper table.concat table.insert table.remove table.sort";

/// What each has beyond that.
const OWN: [(&str, &str); 5] = [
    (
        "5.1",
        "gcinfo getfenv loadstring module newproxy setfenv unpack debug.getfenv debug.setfenv \
         math.atan2 math.cosh math.frexp math.ldexp math.log10 math.mod math.pow math.sinh \
         math.tanh package.loaders package.seeall string.gfind table.foreach table.foreachi \
         table.getn table.maxn table.setn",
    ),
    (
        // -DLUA_COMPAT_ALL
        "5.2",
        "loadstring module rawlen unpack bit32.arshift bit32.band bit32.bnot bit32.bor \
         bit32.btest bit32.bxor bit32.extract bit32.lrotate bit32.lshift bit32.replace \
         bit32.rrotate bit32.rshift debug.getuservalue debug.setuservalue debug.upvalueid \
         debug.upvaluejoin math.atan2 math.cosh math.frexp math.ldexp math.log10 math.pow \
         math.sinh math.tanh package.loaders package.searchers package.searchpath package.seeall \
         table.maxn table.pack table.unpack",
    ),
    (
        // -DLUA_COMPAT_5_2
        "5.3",
        "rawlen bit32.arshift bit32.band bit32.bnot bit32.bor bit32.btest bit32.bxor \
         bit32.extract bit32.lrotate bit32.lshift bit32.replace bit32.rrotate bit32.rshift \
         coroutine.isyieldable debug.getuservalue debug.setuservalue debug.upvalueid \
         debug.upvaluejoin math.atan2 math.cosh math.frexp math.ldexp math.log10 math.maxinteger \
         math.mininteger math.pow math.sinh math.tanh math.tointeger math.type math.ult \
         package.searchers package.searchpath string.pack string.packsize string.unpack \
         table.move table.pack table.unpack utf8.char utf8.charpattern utf8.codepoint utf8.codes \
         utf8.len utf8.offset",
    ),
    (
        // -DLUA_COMPAT_5_3
        "5.4",
        "rawlen warn coroutine.close coroutine.isyieldable debug.getuservalue \
         debug.setcstacklimit debug.setuservalue debug.upvalueid debug.upvaluejoin math.atan2 \
         math.cosh math.frexp math.ldexp math.log10 math.maxinteger math.mininteger math.pow \
         math.sinh math.tanh math.tointeger math.type math.ult package.searchers \
         package.searchpath string.pack string.packsize string.unpack table.move table.pack \
         table.unpack utf8.char utf8.charpattern utf8.codepoint utf8.codes utf8.len utf8.offset",
    ),
    (
        "5.5",
        "rawlen warn coroutine.close coroutine.isyieldable debug.getuservalue \
         debug.setuservalue debug.upvalueid debug.upvaluejoin math.frexp math.ldexp \
         math.maxinteger math.mininteger math.tointeger math.type math.ult package.searchers \
         package.searchpath string.pack string.packsize string.unpack table.create table.move \
         table.pack table.unpack utf8.char utf8.charpattern utf8.codepoint utf8.codes utf8.len \
         utf8.offset",
    ),
];

const LIST: &str = "
    local names = {}
    for name, value in pairs(_G) do
        if type(value) == 'table' and name ~= '_G' and name ~= 'arg' then
            for field in pairs(value) do names[#names + 1] = name .. '.' .. field end
        elseif name ~= 'arg' then
            names[#names + 1] = name
        end
    end
    table.sort(names)
    print(table.concat(names, ' '))";

for_each_version! {
    fn native_lua_and_the_sandbox_have_the_names_of_the_makefile(lua) {
        let script = lasting_folder(&format!("globals-{lua}")).join("list.lua");
        std::fs::write(&script, LIST).unwrap();
        let own = OWN.iter().find(|(version, _)| *version == lua).unwrap().1;
        let mut expected: Vec<&str> = COMMON.split_whitespace().chain(own.split_whitespace()).collect();
        expected.sort_unstable();
        for (who, cli) in [("native Lua", oracle(lua)), ("the sandbox", luago(lua))] {
            let ran = cli.arg(&script).run();
            let found: Vec<&str> = ran.out().split_whitespace().collect();
            let missing: Vec<_> = expected.iter().filter(|name| !found.contains(name)).collect();
            let further: Vec<_> = found.iter().filter(|name| !expected.contains(name)).collect();
            assert!(missing.is_empty() && further.is_empty(), "{who}: lacks {missing:?}, and has {further:?}");
        }
    }
}
