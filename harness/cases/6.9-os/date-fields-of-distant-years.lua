-- lua: 5.1-5.5

for _, when in ipairs{253402300800, 1e12, 67768036191676799, -62167219201, -1e12, -67768040609740800} do
  local d = os.date("!*t", when)
  print(("%d-%02d-%02d %02d:%02d:%02d"):format(d.year, d.month, d.day, d.hour, d.min, d.sec), d.wday, d.yday)
end
