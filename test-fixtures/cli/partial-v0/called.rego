package called
import future.keywords.not
import future.keywords.or
k { contains(input.y, "a") }
default d = false
d { contains(input.y, "a") }
c = 3 { contains("a", "a"); 1 == 1 }
c2 = x { contains(input.y, "a"); x = input.z }
o[x] = y { contains(input.y, "a"); y = input.w; x = input.z }
o2["x"] = 3 { 1 == 1; k }
s["x"] { contains("a", "a") }
s["y"] { k }
f(x) = y { contains(x, "a"); y = input.z }
g(x) = 3 { k }
default h(_) = false
h(x) { contains(x, "a") }
n { contains(input.y, "a"); not input.z; input.a or input.b }
l { k; x := f(input.q); x }
m { k; g(1); h(2) }
o3[x].y = z { k; x = input.z; z = input.y }
