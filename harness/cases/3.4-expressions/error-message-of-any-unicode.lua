-- lua: 5.1-5.5

local function fail() error("\195\169t\195\169 \226\130\172 \240\159\152\128") end
fail()
