// Two countries, each with a good of its own, capital and a bond with a premium that grows with debt.
// Home productivity is up in years 1 to 8. In year 6 comes news that nobody expected: foreign productivity is up in years 8 to 30.
@#define COUNTRIES = ["H", "F"]
var world_rate;
varexo tfp_H tfp_F;
parameters alpha beta delta theta psi scale_H scale_F home_share_H home_share_F;
@#for i in COUNTRIES
var consumption_@{i} capital_@{i} investment_@{i} output_@{i} price_@{i} price_level_@{i} imports_@{i} bonds_@{i};
@#endfor
alpha = 0.35; beta = 0.96; delta = 0.1; theta = 1.5; psi = 0.02;
scale_H = 1; scale_F = 1.2; home_share_H = 0.7;
home_share_F = 1 - (1 - home_share_H)*(scale_H/scale_F)^(1/(1 - alpha));

model;
@#for i in COUNTRIES
@#if i == "H"
@#define j = "F"
@#else
@#define j = "H"
@#endif
1/consumption_@{i} = beta/consumption_@{i}(+1)*world_rate*exp(-psi*bonds_@{i})*price_level_@{i}/price_level_@{i}(+1);
1/consumption_@{i} = beta/consumption_@{i}(+1)
    *(1 - delta + alpha*price_@{i}(+1)*output_@{i}(+1)/(price_level_@{i}(+1)*capital_@{i}));
capital_@{i} = (1 - delta)*capital_@{i}(-1) + investment_@{i};
output_@{i} = scale_@{i}*exp(tfp_@{i})*capital_@{i}(-1)^alpha;
price_level_@{i} = (home_share_@{i}*price_@{i}^(1 - theta) + (1 - home_share_@{i})*price_@{j}^(1 - theta))^(1/(1 - theta));
imports_@{i} = (1 - home_share_@{i})*(price_@{j}/price_level_@{i})^(-theta)*(consumption_@{i} + investment_@{i});
output_@{i} = home_share_@{i}*(price_@{i}/price_level_@{i})^(-theta)*(consumption_@{i} + investment_@{i}) + imports_@{j};
@#endfor
// The budget of one country follows from the others and from the goods markets.
bonds_H + bonds_F = 0;
bonds_F = world_rate(-1)*bonds_F(-1) + price_F*imports_H - price_H*imports_F;
(price_H + price_F)/2 = 1;
end;

options_.solve_tolf = 1e-14;
options_.dynatol.f = 1e-12;

initval;
tfp_H = 0; tfp_F = 0;
world_rate = 1/beta;
@#for i in COUNTRIES
price_@{i} = 1; price_level_@{i} = 1; bonds_@{i} = 0;
capital_@{i} = (alpha*scale_@{i}/(1/beta - 1 + delta))^(1/(1 - alpha));
output_@{i} = scale_@{i}*capital_@{i}^alpha;
investment_@{i} = delta*capital_@{i};
consumption_@{i} = output_@{i} - investment_@{i};
imports_@{i} = (1 - home_share_@{i})*output_@{i};
@#endfor
end;
steady;
shocks;
var tfp_H; periods 1:8; values 0.03;
end;
perfect_foresight_setup(periods=150);
perfect_foresight_solver;
history = oo_.endo_simul;

// Column 1 holds year 0, so column 6 holds year 5, the last one that went as expected.
perfect_foresight_setup(periods=145);
oo_.endo_simul = history(:, 6:end);
oo_.exo_simul = zeros(147, 2);
oo_.exo_simul(2:4, 1) = 0.03;   // home, years 6 to 8
oo_.exo_simul(4:26, 2) = 0.05;  // foreign, years 8 to 30
perfect_foresight_solver;
write_reference(M_, [history(:, 1:5) oo_.endo_simul], 0:151, 'trade.csv');
