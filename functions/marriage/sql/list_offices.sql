SELECT card AS office FROM office_card ORDER BY card ->> 'division_code', id
