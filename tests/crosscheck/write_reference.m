function write_reference(M_, path, years, name)
% Write the model's own variables, one a column, in chosen years (0 is the year before the horizon), with 15 significant digits.
    names = cellstr(M_.endo_names);
    names = names(1:M_.orig_endo_nbr);
    file = fopen(name, 'w');
    fprintf(file, 'year');
    fprintf(file, ',%s', names{:});
    fprintf(file, '\n');
    for year = years
        fprintf(file, '%d', year);
        fprintf(file, ',%.15g', path(1:M_.orig_endo_nbr, year + 1));
        fprintf(file, '\n');
    end
    fclose(file);
end
