$fn=24; difference(){ translate([0,0,0]) cube([16,12,1.2]); translate([8,6,-1]) cylinder(r=3,h=5);} translate([2,2,1.2]) cube([4,3,0.8]);
