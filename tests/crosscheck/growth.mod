// One-country growth model: a tax reform announced in year 1 takes effect in year 6 and stays.
// The tax on capital income falls from 30 to 20 per cent, that on consumption rises from 5 to 15 per cent.
var consumption capital output investment wage transfer;
varexo capital_tax consumption_tax;
parameters alpha beta gamma delta;
alpha = 0.33; beta = 0.96; gamma = 2; delta = 0.08;

model;
consumption^(-gamma)/(1 + consumption_tax) = beta*consumption(+1)^(-gamma)/(1 + consumption_tax(+1))
    *(1 + (1 - capital_tax(+1))*(alpha*capital^(alpha - 1) - delta));
capital = (1 - delta)*capital(-1) + investment;
output = capital(-1)^alpha;
output = consumption + investment;
wage = (1 - alpha)*output;
transfer = consumption_tax*consumption + capital_tax*(alpha*capital(-1)^(alpha - 1) - delta)*capital(-1);
end;

options_.solve_tolf = 1e-14;
options_.dynatol.f = 1e-12;

initval;
capital_tax = 0.3; consumption_tax = 0.05;
capital = 4; output = 1.5; investment = 0.3; consumption = 1.2; wage = 1; transfer = 0.1;
end;
steady;
endval;
capital_tax = 0.2; consumption_tax = 0.15;
capital = 5; output = 1.6; investment = 0.4; consumption = 1.2; wage = 1; transfer = 0.2;
end;
steady;
shocks;
var capital_tax; periods 1:5; values 0.3;
var consumption_tax; periods 1:5; values 0.05;
end;
perfect_foresight_setup(periods=120);
perfect_foresight_solver;
write_reference(M_, oo_.endo_simul, 0:121, 'growth.csv');
